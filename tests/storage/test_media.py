"""Media: kept once, in pieces, under the hash of their bytes."""

from __future__ import annotations

import hashlib
import io
import os
import random
import resource
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from storage.errors import DamagedError, FullError, LibraryError, NotFoundError
from storage.library import Library
from storage.medium_bytes import CHUNK
from storage.records import Attachment, Changed, Draft, MediumPart, Observation, Preview, Text

LONG = CHUNK * 5 + 12_345


@pytest.fixture(scope="module")
def long_bytes() -> bytes:
    """More than one transaction's worth."""
    return random.Random(3).randbytes(LONG)


def put(library: Library, data: bytes) -> str:
    """Add bytes as a picture."""
    return library.media.add_bytes(data, mime="image/png", modality="image").sha256


def chunks(library: Library) -> int:
    """Number of chunks in the file."""
    with library._database.read() as connection:
        (count,) = connection.execute("SELECT count(*) FROM chunks").fetchone()
    return int(count)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, LONG])
def test_bytes_come_back_as_they_went_in(library: Library, long_bytes: bytes, size: int) -> None:
    data = long_bytes[:size]

    sha = put(library, data)

    assert sha == hashlib.sha256(data).hexdigest()
    assert library.media.read(sha) == data
    assert library.media.get(sha).size == size


def test_a_file_comes_back_as_a_file(library: Library, long_bytes: bytes, tmp_path: Path) -> None:
    source, target = tmp_path / "in.mp4", tmp_path / "out.mp4"
    source.write_bytes(long_bytes)
    target.write_bytes(b"something older")

    made = library.media.add_file(
        source, mime="video/mp4", modality="video", width=320, height=240, duration_s=2.5
    )
    library.media.copy_to(made.sha256, target)

    assert target.read_bytes() == long_bytes
    medium = library.media.get(made.sha256)
    assert (medium.mime, medium.modality, medium.width, medium.height, medium.duration_s) == (
        "video/mp4", "video", 320, 240, 2.5,
    )  # fmt: skip
    assert made.kinds == {"media"}


def test_the_same_bytes_are_kept_once(library: Library, long_bytes: bytes, tmp_path: Path) -> None:
    source = tmp_path / "in.bin"
    source.write_bytes(long_bytes)
    first = put(library, long_bytes)
    before = chunks(library)

    again = library.media.add_file(source, mime="image/png", modality="image").sha256

    assert first == again == put(library, long_bytes)
    assert chunks(library) == before == 6


def test_a_file_whose_hash_is_known_is_not_hashed_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.bin"
    source.write_bytes(b"of one's own")
    sha256 = hashlib.sha256(b"of one's own").hexdigest()
    monkeypatch.setattr("storage.medium_bytes.hashlib", None)

    made = library.media.add_file(source, mime="image/png", modality="image", sha256=sha256)
    monkeypatch.undo()

    assert made.sha256 == sha256
    assert library.media.read(sha256) == b"of one's own"
    assert library.check().sound


def test_a_stream_seeks_and_ends_like_a_file(library: Library, long_bytes: bytes) -> None:
    sha = put(library, long_bytes)
    with library.media.open(sha) as reader:
        assert (reader.readable(), reader.seekable(), reader.size) == (True, True, LONG)
        assert reader.seek(CHUNK - 5) == reader.tell()
        assert io.BufferedReader(reader).read(10) == long_bytes[CHUNK - 5 : CHUNK + 5]
    with library.media.open(sha) as reader:
        assert reader.seek(-3, os.SEEK_END) == LONG - 3
        assert reader.read(100) == long_bytes[-3:]
        assert reader.read(100) == b""
        reader.seek(10)
        reader.seek(5, os.SEEK_CUR)
        assert reader.read(4) == long_bytes[15:19]
        reader.seek(LONG * 2)
        assert reader.read() == b""
        with pytest.raises(ValueError, match="cannot seek"):
            reader.seek(-1)


def test_a_long_clip_is_never_whole_in_memory(library: Library, tmp_path: Path) -> None:
    source, target = tmp_path / "in.mp4", tmp_path / "out.mp4"
    with source.open("wb") as file:
        for i in range(16):
            file.write(random.Random(i).randbytes(CHUNK))

    tracemalloc.start()
    sha = library.media.add_file(source, mime="video/mp4", modality="video").sha256
    library.media.copy_to(sha, target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * CHUNK
    assert target.stat().st_size == 16 * CHUNK


def test_others_write_while_a_long_medium_comes(library: Library, conversation: int) -> None:
    from storage.medium_bytes import MediumFacts, store_pieces

    def slowly() -> object:
        for i in range(12):
            if i == 6:
                other = threading.Thread(
                    target=library.messages.add, args=(conversation, [Text("meanwhile")])
                )
                other.start()
                other.join(20)
                assert not other.is_alive()
            yield bytes([i]) * CHUNK

    stored = store_pieces(library._database, slowly(), MediumFacts("a/b", "video"))  # type: ignore[arg-type]

    assert stored.size == 12 * CHUNK
    assert library.messages.path(conversation)[0].text == "meanwhile"


def test_what_was_not_finished_leaves_nothing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"gone.png cannot be read"):
        library.media.add_file(tmp_path / "gone.png", mime="image/png", modality="image")
    with pytest.raises(LibraryError, match="cannot be read"):
        library.media.add_file(tmp_path, mime="image/png", modality="image")
    from storage.medium_bytes import MediumFacts, store_pieces

    def broken() -> object:
        yield from [b"x" * CHUNK] * 9
        raise OSError(5, "the stick was pulled out")

    with pytest.raises(OSError, match="stick"):
        store_pieces(library._database, broken(), MediumFacts("a/b", "video"))  # type: ignore[arg-type]

    assert chunks(library) == 0


def test_a_library_that_cannot_grow_keeps_what_it_has(library: Library, long_bytes: bytes) -> None:
    kept = put(library, b"kept")
    with library._database.maintenance() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")

    with pytest.raises(FullError, match="no room left"):
        put(library, long_bytes)

    assert library.media.read(kept) == b"kept"
    assert chunks(library) == 1


def test_what_a_process_did_not_finish_is_forgotten_at_the_next_start(library_path: Path) -> None:
    from storage.medium_bytes import MediumFacts, store_pieces

    with Library.open(library_path) as library:
        store_pieces(library._database, [b"x" * CHUNK] * 3, MediumFacts("a/b", "video"))
        assert chunks(library) == 3

    with Library.open(library_path) as again:
        assert chunks(again) == 0


def test_a_preview_is_kept_beside_its_medium(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    sha = put(library, b"png")
    message = library.messages.add(conversation, [Attachment(sha)]).id
    small = Preview("thumbnail", b"small", "image/webp", 64, 48)

    changed = library.media.set_preview(sha, small)
    library.media.set_preview(sha, Preview("poster", b"p", "image/png"))

    assert library.media.preview(sha, "thumbnail") == small
    assert library.media.preview(sha, "waveform") is None
    assert library.media.get(sha).previews == ("poster", "thumbnail")
    assert changed.messages == {message}
    assert changed in heard


def test_purge_keeps_what_messages_and_drafts_refer_to(
    library: Library, conversation: int, long_bytes: bytes
) -> None:
    sent, drafted, loose = put(library, b"sent"), put(library, b"draft"), put(library, long_bytes)
    library.messages.add(conversation, [Attachment(sent)])
    library.drafts.save(conversation, Draft("", (Attachment(drafted),)))
    size = library.path.stat().st_size

    library.media.purge()
    assert library.media.get(loose).size == LONG
    library.media.purge(older_than_ms=0)

    with pytest.raises(NotFoundError, match=f"no medium {loose[:12]}"):
        library.media.get(loose)
    assert library.media.read(sent) == b"sent"
    assert library.media.read(drafted) == b"draft"
    with library._database.maintenance() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert library.path.stat().st_size < max(size, LONG)


def test_bytes_that_changed_in_the_file_are_noticed(library_path: Path, tmp_path: Path) -> None:
    with Library.open(library_path) as library:
        sha = put(library, b"a" * 10_000)
        with library._database.write() as write:
            write.run("UPDATE chunks SET data = ?", (b"b" * 10_000,))

        with pytest.raises(DamagedError, match="does not hold the bytes"):
            library.media.copy_to(sha, tmp_path / "out.png")
        assert list(tmp_path.glob("*out*")) == []
        with library._database.write() as write:
            write.run("UPDATE chunks SET data = ?", (b"b" * 9_000,))
        with pytest.raises(DamagedError, match="expected 10000 bytes, found 9000"):
            library.media.read(sha)


def test_a_copy_that_cannot_be_written_leaves_nothing(library: Library, tmp_path: Path) -> None:
    sha = put(library, b"png")

    with pytest.raises(LibraryError, match="cannot be opened or written"):
        library.media.copy_to(sha, tmp_path / "no" / "folder" / "x.png")

    assert not (tmp_path / "no").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_a_copy_without_room_leaves_what_was_there(
    library: Library, long_bytes: bytes, tmp_path: Path
) -> None:
    sha = put(library, long_bytes)
    target = tmp_path / "out.bin"
    target.write_bytes(b"older")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (CHUNK, limits[1]))
    try:
        with pytest.raises(FullError, match="no room left"):
            library.media.copy_to(sha, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert target.read_bytes() == b"older"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".medley")] == []


FOUND = (
    Observation("speech", "good morning", 0.9, 0.0, 1.5, source="medley.speech whisper-base"),
    Observation("text", "EXIT", box=(0.0, 0.25, 0.5, 1.0)),
    Observation("document", "第一页", place="page 1"),
)


def test_what_readers_found_is_kept_in_order_and_replaced_as_a_whole(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    sha = library.media.add_bytes(b"a clip", mime="video/mp4", modality="video").sha256
    message = library.messages.add(conversation, [Attachment(sha)]).id
    assert not library.media.get(sha).read

    changed = library.media.set_observations(sha, FOUND)

    assert heard[-1] == changed and changed.messages == {message}
    assert library.media.observations(sha) == FOUND
    assert library.media.observations(sha, limit=1) == FOUND[:1]
    part = library.messages.get(message).parts[0]
    assert isinstance(part, MediumPart) and (part.medium.observed, part.medium.read) == (True, True)
    library.media.set_observations(sha, FOUND[:1], complete=False)
    assert library.media.observations(sha) == FOUND[:1]
    assert not library.media.get(sha).read
    library.media.set_observations(sha, ())
    medium = library.media.get(sha)
    assert (medium.observed, medium.read) == (False, True)


def test_what_readers_found_leaves_with_its_medium(library: Library) -> None:
    sha = library.media.add_bytes(b"a clip", mime="video/mp4", modality="video").sha256
    library.media.set_observations(sha, FOUND)

    library.media.purge(older_than_ms=0)

    with library._database.read() as connection:
        for table in ("observations", "observations_terms"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    with pytest.raises(NotFoundError):
        library.media.observations(sha)


def test_more_than_a_library_keeps_of_a_medium_is_refused(library: Library) -> None:
    sha = library.media.add_bytes(b"a book", mime="text/plain", modality="document").sha256

    for found in ([Observation("text", "x")] * 20_001, [Observation("text", "x" * 2_000_001)]):
        with pytest.raises(LibraryError, match="Give a smaller file"):
            library.media.set_observations(sha, found)

    assert library.media.observations(sha) == ()
