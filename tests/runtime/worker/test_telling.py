"""What is called back does no harm."""

from __future__ import annotations

import pytest

from runtime.worker.telling import tell


def test_a_fault_of_what_is_called_is_logged_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(what: int) -> None:
        raise ValueError(what)

    tell(broken, 3)

    assert "an engine callback failed" in caplog.text
