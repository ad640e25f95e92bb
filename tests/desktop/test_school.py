"""`medley train` and `medley evaluate` hand over what was typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import training
from desktop import school
from plugins.errors import KnownError
from tests.desktop.conftest import Run


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the school was called with; it does nothing and reports 7."""
    seen: dict[str, Any] = {}

    def main(**given: Any) -> int:
        seen.update(given)
        return 7

    for name in ("pocket", "evaluate"):
        monkeypatch.setattr(training, name, SimpleNamespace(main=main), raising=False)
    return seen


def test_train_hands_over_its_options(medley: Run, handed_over: dict[str, Any]) -> None:
    ran = medley("train", "pocket", "--resume", "--device", "cuda:1")

    assert ran.code == 7
    assert handed_over == {"resume": True, "device": "cuda:1", "out": None}


def test_evaluate_hands_over_its_options(medley: Run, handed_over: dict[str, Any]) -> None:
    ran = medley("evaluate", "--limit", "5", "--json")

    assert ran.code == 7
    assert handed_over == {"bundle": "pocket", "limit": 5, "as_json": True}


def test_a_missing_package_is_named_with_how_to_get_it() -> None:
    with pytest.raises(KnownError, match=r"peft.*medley\[train\]"), school.needs_extra():
        raise ModuleNotFoundError("No module named 'peft'", name="peft")
