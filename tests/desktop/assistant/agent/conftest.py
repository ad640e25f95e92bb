"""One tools process for all tests of the agent: starting one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.agent.toolbox import Toolbox
from tests.desktop.assistant.agent.scripted import Talk, talking


class SharedToolbox(Toolbox):
    """Ends with the session of tests rather than with an assistant."""

    def close(self) -> None:
        """It goes on."""

    def end(self) -> None:
        """End it."""
        super().close()


@pytest.fixture(scope="session")
def toolbox() -> Iterator[SharedToolbox]:
    """The real tools process."""
    made = SharedToolbox()
    yield made
    made.end()


@pytest.fixture
def talk(tmp_path: Path, toolbox: SharedToolbox) -> Iterator[Talk]:
    """A conversation on a library of its own, with a granted folder."""
    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as made:
        yield made
