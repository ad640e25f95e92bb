"""One tools process with Medley's own tools for all their tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.tools.calling import Calls


@pytest.fixture(scope="session")
def calls_of_session() -> Iterator[Calls]:
    """The process; use `calls`."""
    made = Calls()
    made.client.wait(60)
    yield made
    made.client.close()


@pytest.fixture
def calls(calls_of_session: Calls) -> Calls:
    """Calls Medley's own tools; no service is answered yet."""
    calls_of_session.services.clear()
    return calls_of_session


@pytest.fixture
def granted(tmp_path: Path) -> Path:
    """A folder to be granted, with some files, beside one that is not."""
    folder = tmp_path / "granted"
    (folder / "trips").mkdir(parents=True)
    (folder / "notes.txt").write_text("buy bread\nbuy milk\ncall Ada\n")
    (folder / "trips" / "rome.md").write_text("# Rome\nThe café near the bridge.\n")
    (folder / ".hidden").write_text("secret")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "key.txt").write_text("secret")
    return folder
