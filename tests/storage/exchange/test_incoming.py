"""What comes from elsewhere and does not hold what it says: one sentence, and nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.errors import ExchangeError, FullError, LibraryError
from storage.exchange import packages
from storage.library import Library


def rezip(folder: Path, target: Path) -> Path:
    """The folder as a zip file, made by another program."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return target


def edit(package: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest of a package."""
    path = package / "conversation.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data), "utf-8")


def _set(path: str, value: Any) -> Callable[[Path], None]:
    """A change of one place in the manifest."""

    def change(data: Any) -> None:
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        for step in way:
            data = data[step]
        data[last] = value

    return lambda package: edit(package, change)


def _found(field: str, value: Any) -> Callable[[Path], None]:
    """A change of what a reader found in the first medium."""
    return _set(f"media.0.observations.0.{field}", value)


def _much_found(package: Path) -> None:
    many = [{"kind": "text", "text": "x"}] * 20_001
    edit(package, lambda data: data["media"][0].update(observations=many))


def _write(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda package: (package / name).write_bytes(data)


def _medium(package: Path) -> Path:
    return sorted((package / "media").iterdir())[0]


def _lose_a_medium(package: Path) -> None:
    _medium(package).unlink()


def _other_bytes(package: Path) -> None:
    path = _medium(package)
    path.write_bytes(bytes(reversed(path.read_bytes())))


def _longer(package: Path) -> None:
    with _medium(package).open("ab") as file:
        file.write(b"x" * 5_000_000)


def _link_to_a_secret(package: Path) -> None:
    secret = package.parent / "secret"
    secret.write_bytes(_medium(package).read_bytes())
    path = _medium(package)
    path.unlink()
    path.symlink_to(secret)


def _link_the_folder(package: Path) -> None:
    (package / "media").rename(package.parent / "elsewhere")
    (package / "media").symlink_to(package.parent / "elsewhere")


def _a_pipe(package: Path) -> None:
    path = _medium(package)
    path.unlink()
    os.mkfifo(path)


def _no_manifest(package: Path) -> None:
    (package / "conversation.json").unlink()


def _drop_media(package: Path) -> None:
    edit(package, lambda data: data.update(media=[]))


def _list_twice(package: Path) -> None:
    edit(package, lambda data: data.update(media=data["media"] * 2))


def _same_id_twice(package: Path) -> None:
    edit(package, lambda data: data.update(messages=data["messages"] * 2))


def _lose_a_recipe(package: Path) -> None:
    sorted((package / "recipes").iterdir())[0].unlink()


def _no_recipe(package: Path) -> None:
    sorted((package / "recipes").iterdir())[0].write_bytes(b"\xff{")


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no manifest": (_no_manifest, "holds no conversation.json"),
    "no json": (_write("conversation.json", b"{{{"), "expected a conversation as JSON"),
    "no utf-8": (_write("conversation.json", b'{"format": "\xff"}'), "expected a conversation"),
    "an empty manifest": (_write("conversation.json", b""), "expected a conversation as JSON"),
    "a list": (_write("conversation.json", b"[]"), "expected a conversation as JSON"),
    "deep": (_write("conversation.json", b'{"x":' + b"[" * 100_000), "expected a conversation"),
    "another form": (_set("format", "chatgpt"), "expected the format 'medley-conversation'"),
    "newer": (_set("version", 2), "expected version 1 of the form, found 2"),
    "a wrong type": (_set("title", 3), "expected a conversation as JSON"),
    "a wrong role": (_set("messages.0.role", "root"), "expected a conversation as JSON"),
    "a wrong state": (_set("messages.0.state", "streaming"), "expected a conversation as JSON"),
    "a huge number": (_set("created_ms", 10**30), "expected a conversation as JSON"),
    "an absolute path": (_set("media.0.file", "/etc/passwd"), "expected a conversation as JSON"),
    "a path upwards": (_set("media.0.file", "media/../../x"), "expected a conversation as JSON"),
    "a hidden file": (_set("media.0.file", "media/.ssh"), "expected a conversation as JSON"),
    "a backslash": (_set("media.0.file", "media\\..\\x"), "expected a conversation as JSON"),
    "another file": (_set("media.0.file", "media/other.png"), "media/other.png cannot be read"),
    "a wrong hash": (_set("media.0.sha256", "0" * 64), "which is not listed"),
    "a wrong size": (_set("media.0.size", 3), "does not hold what was exported"),
    "an unknown kind found": (_found("kind", "smell"), "expected a conversation as JSON"),
    "a certainty above one": (_found("confidence", 7), "expected a conversation as JSON"),
    "a time without end": (_found("start_s", 1e300), "expected a conversation as JSON"),
    "a box of three": (_found("box", [0, 0, 1]), "expected a conversation as JSON"),
    "a book as a place": (_found("place", "x" * 5000), "expected a conversation as JSON"),
    "too much found": (_much_found, "expected a conversation as JSON"),
    "a long system text": (_set("manner.system", "x" * 20_001), "expected a conversation as JSON"),
    "a boiling temperature": (_set("manner.temperature", 9), "expected a conversation as JSON"),
    "an unknown parent": (_set("messages.0.parent", 77), "follows 77, which is not before it"),
    "a circle": (_set("messages.0.parent", 1), "follows 1, which is not before it"),
    "an unknown leaf": (_set("leaf", 77), "the active branch ends in 77"),
    "no leaf": (_set("leaf", None), "the active branch ends in None"),
    "a wrong choice": (_set("messages.0.chosen", 77), "chose 77, which does not follow it"),
    "no medium": (_set("messages.0.parts.1.medium", None), "of kind medium, and its medium is"),
    "text with a medium": (_set("messages.0.parts.1.kind", "text"), "of kind text, and its medium"),
    "failed as nothing": (_set("messages.0.parts.0.kind", "failed"), "does not say what it was"),
    "no media at all": (_drop_media, "which is not listed"),
    "media twice": (_list_twice, "listed twice"),
    "messages twice": (_same_id_twice, "is there twice"),
    "a lost medium": (_lose_a_medium, "cannot be read"),
    "other bytes": (_other_bytes, "does not hold what was exported"),
    "more bytes": (_longer, "does not hold what was exported"),
    "a link": (_link_to_a_secret, "leads somewhere else"),
    "a linked folder": (_link_the_folder, "leads somewhere else"),
    "a pipe": (_a_pipe, "is no plain file"),
    "a lost recipe": (_lose_a_recipe, "recipes/.* cannot be read"),
    "no recipe": (_no_recipe, "expected a recipe in recipes/"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_folder_is_refused_and_nothing_changes(
    package: Path, other: Library, name: str
) -> None:
    spoil, sentence = HOSTILE[name]
    spoil(package)
    changes: list[object] = []
    other.on_change(changes.append)

    with pytest.raises(ExchangeError, match=sentence) as caught:
        other.exchange.import_conversation(package)

    assert "\n" not in str(caught.value)
    assert "import" in str(caught.value).lower()
    assert other.conversations.list() == []
    with other._database.read() as connection:
        for table in ("media", "chunks", "messages", "parts", "recipes"):
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert rows == 0, table
    assert changes == []


def test_a_medium_that_is_here_is_not_dropped_when_an_import_fails(
    package: Path, other: Library
) -> None:
    kept = other.media.add_bytes(b"a picture", mime="image/png", modality="image").sha256
    _lose_a_recipe(package)

    with pytest.raises(ExchangeError):
        other.exchange.import_conversation(package)

    assert other.media.read(kept) == b"a picture"


def _entry(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def _escape(archive: zipfile.ZipFile) -> None:
    archive.writestr(_entry("../../evil"), b"x")


def _absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr(_entry("/etc/evil"), b"x")


def _drive(archive: zipfile.ZipFile) -> None:
    archive.writestr(_entry("C:/evil"), b"x")


def _symlink(archive: zipfile.ZipFile) -> None:
    archive.writestr(_entry("media/link", stat.S_IFLNK | 0o777), b"/etc/passwd")


def _twice(archive: zipfile.ZipFile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("conversation.json", b"{}")


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("bomb", b"\0" * 50_000_000, zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_escape, r"leads out of it"),
        (_absolute, r"leads out of it"),
        (_drive, r"leads out of it"),
        (_symlink, r"is a link"),
        (_twice, r"lists a file twice"),
        (_bomb, r"would become \d+, over 200 times"),
    ],
)
def test_a_hostile_zip_file_is_refused_and_nothing_changes(
    package: Path, other: Library, spoil: Callable[[zipfile.ZipFile], None], sentence: str
) -> None:
    path = rezip(package, package.parent / "hostile.zip")
    assert other.exchange.import_conversation(path).id
    with zipfile.ZipFile(path, "a") as archive:
        spoil(archive)

    with pytest.raises(ExchangeError, match=sentence):
        other.exchange.import_conversation(path)

    assert len(other.conversations.list()) == 1


def test_a_zip_file_with_too_many_entries_is_refused(
    package: Path, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "ENTRIES", 3)

    with pytest.raises(ExchangeError, match="more than 3"):
        other.exchange.import_conversation(rezip(package, package.parent / "many.zip"))


def _flip(data: bytearray) -> None:
    at = data.index(b"a picture")
    data[at] ^= 0xFF


def _cut(data: bytearray) -> None:
    del data[len(data) // 2 :]


def _lock(data: bytearray) -> None:
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)


def _strange(data: bytearray) -> None:
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 10] = 77
        at = data.find(b"PK\x01\x02", at + 4)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_flip, "it is no sound zip file"),
        (_cut, "it is no sound zip file"),
        (_lock, "it asks for a password"),
        (_strange, "packed in a way that Medley does not know"),
    ],
)
def test_a_zip_file_that_is_broken_is_refused(
    library: Library, boats: int, other: Library, tmp_path: Path,
    spoil: Callable[[bytearray], None], said: str,
) -> None:  # fmt: skip
    path = library.exchange.export(boats, tmp_path / "boats.zip")
    data = bytearray(path.read_bytes())
    spoil(data)
    path.write_bytes(data)

    with pytest.raises(ExchangeError, match=said):
        other.exchange.import_conversation(path)

    assert other.conversations.list() == []


def test_what_is_no_package_at_all_is_refused(other: Library, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hello", "utf-8")
    with pytest.raises(ExchangeError, match="no sound zip file"):
        other.exchange.import_conversation(tmp_path / "words.txt")
    with pytest.raises(ExchangeError, match="no file or folder of this name"):
        other.exchange.import_conversation(tmp_path / "nothing")
    with pytest.raises(ExchangeError, match=r"holds no conversation.json"):
        other.exchange.import_conversation(tmp_path)
    with pytest.raises(LibraryError, match="not a Medley library"):
        other.exchange.import_library(tmp_path / "words.txt")
    with pytest.raises(LibraryError, match="no library here"):
        other.exchange.import_library(tmp_path / "nothing.db")


def test_a_manifest_that_is_too_long_is_refused(
    package: Path, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "LARGEST", 100)

    with pytest.raises(ExchangeError, match="longer than"):
        other.exchange.import_conversation(package)


def test_an_import_without_room_changes_nothing(package: Path, other: Library) -> None:
    big = os.urandom(500_000)
    edit_medium(package, big)
    with other._database.maintenance() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(FullError, match="no room left"):
        other.exchange.import_conversation(package)

    assert other.conversations.list() == []


def edit_medium(package: Path, data: bytes) -> None:
    """Put other bytes into a package, with a manifest that fits them."""
    path = _medium(package)
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(data)
    manifest = package / "conversation.json"
    text = manifest.read_text("utf-8").replace(old, hashlib.sha256(data).hexdigest())
    manifest.write_text(text, "utf-8")

    def resize(whole: dict[str, Any]) -> None:
        for record in whole["media"]:
            if record["file"] == f"media/{path.name}":
                record["size"] = len(data)

    edit(package, resize)
