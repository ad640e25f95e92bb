"""A document from the library through a real engine's process and back: read, kept, found."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from desktop.assistant.answers import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.progress import ReadingProgress
from desktop.assistant.turns import AnswerPreferences
from runtime.bundle.bundle import Bundle
from storage.library import Library
from storage.records import Attachment, NewPart, Query, Text
from tests import readers
from tests.runtime.worker.watching import WAIT_S

NOTES = "The spare key is under the flower pot.\n\n周六晚上七点吃饭。\n"


def test_a_document_is_read_by_the_engine_kept_and_found(
    captioned_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    bundle = readers.without_encoder(captioned_bundle, tmp_path / "blind")
    ended: queue.SimpleQueue[int] = queue.SimpleQueue()
    readings: list[ReadingProgress] = []
    problems: list[str] = []
    watcher = Watcher(lambda _: None, ended.put, problems.append, readings.append)
    with Library.open(tmp_path / "library.db") as library:
        choice = EngineChoice(str(bundle.folder), device="cpu")
        assistant = Assistant(library, choice, watcher, lambda _: None)
        try:
            sha = library.media.add_bytes(
                NOTES.encode(), mime="text/plain", modality="document"
            ).sha256
            parts: list[NewPart] = [Attachment(sha, "notes.txt"), Text("where is the key?")]
            sent = assistant.send(None, parts, AnswerPreferences(allowed=("text",)))
            answer = library.messages.get(ended.get(timeout=WAIT_S))

            assert (answer.state, answer.error) == ("complete", "")
            assert "unread" not in answer.details and problems == []
            text = " ".join(one.text for one in library.media.observations(sha))
            assert "under the flower pot" in text and "七点" in text
            assert library.media.get(sha).read
            assert {(one.message_id, one.sha256) for one in readings} == {(answer.id, sha)}
            for words in ("flower pot", "七点", "周六晚上"):
                (hit,) = library.search.newest(Query(text=words))
                assert hit.message_id == sent.message_id

            readings.clear()
            assistant.send(sent.conversation_id, [Text("and in Chinese?")], AnswerPreferences())
            ended.get(timeout=WAIT_S)
            assert readings == []
        finally:
            assistant.close()
