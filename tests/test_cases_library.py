"""Inputs of the kinds that people reported elsewhere, each with the right value beside it.

What was found with them, and where it was reported, stands in the history of the code. The files
are in `cases/`; media have a module of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.errors import ExchangeError
from storage.library import Library
from storage.records import MediumPart, Query, Text

CASES = Path(__file__).with_name("cases")
ROOT = CASES.parents[1]
AVIF = "c5418a4c5ec72d7b029155c6"
"""How the SHA-256 of the picture in the exported conversation begins."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with Library.open(tmp_path / "data" / "medley" / "library.db") as opened:
        yield opened


def is_the_trip(library: Library, conversation: int) -> None:
    """The conversation that the cases of imports hold came whole."""
    assert library.conversations.get(conversation).title == 'My trip: a/b "x" <y>|? 🙂'
    (message,) = library.messages.path(conversation)
    media = [part.medium for part in message.parts if isinstance(part, MediumPart)]
    assert [medium.sha256[: len(AVIF)] for medium in media] == [AVIF]
    assert len(library.media.read(media[0].sha256)) == 321


def test_times_in_microseconds_are_refused_and_nothing_is_lost(library: Library) -> None:
    own = library.conversations.new("own").id
    with pytest.raises(ExchangeError, match=r"updated_ms.*a time in milliseconds since 1970"):
        library.exchange.import_conversation(CASES / "import-microseconds")
    assert [one.id for one in library.conversations.list()] == [own]


def test_a_manifest_with_a_byte_order_mark_is_imported(library: Library) -> None:
    is_the_trip(library, library.exchange.import_conversation(CASES / "import-bom").id)


def test_an_exported_folder_that_was_packed_again_is_imported(library: Library) -> None:
    is_the_trip(library, library.exchange.import_conversation(CASES / "topfolder.zip").id)


def test_the_same_in_utf_16_is_imported(library: Library, tmp_path: Path) -> None:
    folder = shutil.copytree(CASES / "import-bom", tmp_path / "utf-16")
    manifest = folder / "conversation.json"
    manifest.write_text(manifest.read_text("utf-8-sig"), "utf-16")
    is_the_trip(library, library.exchange.import_conversation(folder).id)


def test_a_folder_in_a_folder_is_imported(library: Library, tmp_path: Path) -> None:
    shutil.copytree(CASES / "import-bom", tmp_path / "outer" / "inner")
    is_the_trip(library, library.exchange.import_conversation(tmp_path / "outer").id)


def pack(path: Path, *tops: str) -> Path:
    """A zip file with the conversation once in each folder."""
    source = CASES / "import-bom"
    with zipfile.ZipFile(path, "w") as archive:
        for top in tops:
            for file in source.rglob("*"):
                if file.is_file():
                    archive.write(file, f"{top}{file.relative_to(source)}")
    return path


@pytest.mark.parametrize("tops", [("a/b/",), ("trip/", "__MACOSX/trip/"), ("", "copy/")])
def test_what_packers_add_does_not_matter(
    tops: tuple[str, ...], library: Library, tmp_path: Path
) -> None:
    packed = pack(tmp_path / "packed.zip", *tops)
    is_the_trip(library, library.exchange.import_conversation(packed).id)


def _two(folder: Path) -> Path:
    for name in ("one", "two"):
        shutil.copytree(CASES / "import-bom", folder / name)
    return folder


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: pack(folder / "two.zip", "one/", "two/"), "found 2 in folders of it"),
        (_two, "found 2 in folders of it, the first in 'one'"),
        (lambda folder: pack(folder / "none.zip"), "holds no conversation.json"),
        (lambda folder: folder, "holds no conversation.json"),
        (lambda folder: folder / "nothing", "there is no file or folder of this name"),
    ],
)
def test_what_holds_none_or_more_is_told_with_what_to_do(
    make: Callable[[Path], Path], said: str, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(ExchangeError) as caught:
        library.exchange.import_conversation(make(tmp_path / "made"))
    assert said in str(caught.value) and "Nothing was imported" in str(caught.value)
    assert library.conversations.list() == []


def test_a_page_of_short_words_is_looked_for(library: Library) -> None:
    text = (CASES / "search-many-short-words.txt").read_text("utf-8")
    conversation = library.conversations.new().id
    library.messages.add(conversation, [Text(text)])
    library.messages.add(conversation, [Text("to be or not to be")])

    (found,) = library.search.newest(Query(text=text))
    (best,) = library.search.ranked(Query(text=text))
    assert found.part_id == best.part_id == 1


LOCKS = {
    "of the shared memory": ("SHIM_SHM", "lies where files cannot be locked"),
    "of the file, as busy": ("SHIM_DB", "is held by another program"),
    "of the lock file": ("SHIM_FLOCK", "lies where files cannot be locked"),
}
REFUSED = {"SHIM_SHM": "37", "SHIM_DB": "11", "SHIM_FLOCK": "37"}
_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.window.session import Session
app = QCoreApplication([])
session = Session(Path(sys.argv[1]))
session.failed.connect(lambda text: (print(text), app.quit()))
session.opened.connect(app.quit)
session.open()
app.exec()
session.close()
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library for the loader that refuses locks as some network folders do."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))))
    made = tmp_path_factory.mktemp("shim") / "locks.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, CASES / "s.c", "-ldl"], check=True)
    return made


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("door", ["command", "window"])
def test_locks_that_are_refused_are_told(
    lock: str, door: str, shim: Path, library: Library, tmp_path: Path
) -> None:
    variable, said = LOCKS[lock]
    path = library.path
    library.close()
    environment = os.environ | {"LD_PRELOAD": str(shim), variable: REFUSED[variable]}
    words = {
        "command": [
            "-m",
            "desktop.cli",
            "library",
            "import",
            CASES / "import-bom",
            "--library",
        ],
        "window": ["-c", _WINDOW],
    }[door]

    ran = subprocess.run(
        [sys.executable, *words, path],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    (line,) = (ran.stderr if door == "command" else ran.stdout).splitlines()
    assert ran.returncode == (2 if door == "command" else 0)
    assert said in line and str(path) in line
    if "locked" in said:
        assert "set XDG_DATA_HOME" in line
