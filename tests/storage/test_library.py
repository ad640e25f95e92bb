"""The front door: where the library is, who is told, and many threads at once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import platformdirs
import pytest

from storage import clock, conversations, media, medium_bytes
from storage.errors import NotFoundError
from storage.library import Library, default_path
from storage.records import Attachment, Changed, Text


def test_the_default_is_in_the_persons_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))

    with Library.open() as library:
        assert library.path == default_path() == tmp_path / "medley" / "library.db"


def test_every_write_tells_every_listener_what_it_returned(library: Library) -> None:
    first: list[Changed] = []
    second: list[Changed] = []
    undo = library.on_change(first.append)
    library.on_change(second.append)

    made = library.conversations.new()
    undo()
    undo()
    added = library.messages.add(made.id, [Text("x")])

    assert [c.conversations for c in first] == [{made.id}]
    assert [c.messages for c in second] == [set(), {added.id}]
    assert second[1].kinds == {"conversations", "messages"}


def test_a_listener_may_read_and_write(library: Library, conversation: int) -> None:
    seen: list[int] = []

    def follow(changed: Changed) -> None:
        seen.append(library.conversations.get(conversation).length)
        if len(seen) == 1:
            library.messages.add(conversation, [Text("from the listener")])

    library.on_change(follow)
    library.messages.add(conversation, [Text("x")])

    assert seen == [1, 2]


def test_a_listener_is_not_told_of_a_write_that_failed(
    library: Library, heard: list[Changed]
) -> None:
    with pytest.raises(ZeroDivisionError), library._database.write() as write:
        write.run("INSERT INTO settings (key, json) VALUES ('a', '1')")
        write.touch("settings")
        raise ZeroDivisionError

    assert heard == []
    assert library.settings.get("a") is None


def test_many_threads_write_and_read_at_once(library: Library) -> None:
    conversations = [library.conversations.new().id for _ in range(4)]
    wrong: list[BaseException] = []

    def work(conversation: int) -> None:
        try:
            for i in range(25):
                library.messages.add(conversation, [Text(str(i))])
                assert len(library.messages.path(conversation)) == i + 1
        except BaseException as error:  # noqa: BLE001  (carried to the test's own thread)
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(c,)) for c in conversations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    for conversation in conversations:
        texts = [message.text for message in library.messages.path(conversation)]
        assert texts == [str(i) for i in range(25)]


def test_reading_does_not_wait_for_a_long_write(library: Library, conversation: int) -> None:
    with library._database.write() as write:
        write.run("UPDATE conversations SET title = 'new' WHERE id = ?", (conversation,))
        other: list[str] = []
        reader = threading.Thread(
            target=lambda: other.append(library.conversations.get(conversation).title)
        )
        reader.start()
        reader.join(20)

    assert other == [""]
    assert library.conversations.get(conversation).title == "new"


def test_tidying_forgets_what_was_deleted_long_ago_and_what_nothing_uses(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = [bytes([number]) * 3_000_000 for number in range(3)]
    kept, gone, used = (
        library.media.add_bytes(one, mime="image/png", modality="image").sha256 for one in data
    )
    library.messages.add(conversation, [Attachment(used)])
    old = library.messages.ask(None, [Text("forget me"), Attachment(gone)])[0]
    (forgotten,) = old.conversations
    library.conversations.delete(forgotten)
    assert library.purge_expired() == Changed()

    monkeypatch.setattr(clock, "now_ms", lambda: time.time_ns() // 1_000_000 + 40 * clock.DAY_MS)
    for module in (conversations, media, medium_bytes):
        monkeypatch.setattr(module, "now_ms", clock.now_ms)
    library.media.add_bytes(data[0], mime="image/png", modality="image")
    changed = library.purge_expired()

    assert changed.conversations == {forgotten}
    assert [c.id for c in library.conversations.list(deleted=True)] == []
    assert library.media.get(kept).size == library.media.get(used).size
    with pytest.raises(NotFoundError):
        library.media.get(gone)
    with library._database.read() as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
