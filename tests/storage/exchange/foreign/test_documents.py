"""Conversations are found by what files hold, within bounds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from storage.errors import ExchangeError
from storage.exchange.foreign import documents
from storage.exchange.foreign.shelves import shelf_at
from storage.exchange.foreign.talk import Talk
from tests.storage.exchange.foreign.exports import chat, chat_node, webui_chats


def found(path: Path) -> list[str]:
    """The programs, and `refused` for what was."""
    with shelf_at(path) as shelf:
        return [
            one.program if isinstance(one, Talk) else f"refused: {one}"
            for one in documents.talks(shelf, path, Counter())
        ]


def test_numbered_files_and_other_files_side_by_side(tmp_path: Path) -> None:
    one = chat(chat_node("u", "root", "user", "hello"))
    (tmp_path / "conversations-000.json").write_text(json.dumps([one]))
    (tmp_path / "conversations-001.json").write_text(json.dumps([one, one]), "utf-16")
    (tmp_path / "chats.json").write_text(json.dumps(webui_chats()))
    (tmp_path / "user.json").write_text('{"id": 1}')
    assert found(tmp_path) == ["Open WebUI", "ChatGPT", "ChatGPT", "ChatGPT"]


def test_what_is_cut_off_is_said(tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([chat(chat_node("u", "root", "user", "x"))])[:-9])
    (told,) = found(path)
    assert "no whole JSON" in told


def test_too_many_messages_too_long_conversations_and_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "conversations.json"
    many = {str(n): {"parent": str(n - 1)} for n in range(2000)}
    path.write_text(json.dumps([{"mapping": many}, {"mapping": {}}]))
    monkeypatch.setattr(documents, "MOST_ENTRIES", 1000)
    told, other = found(path)
    assert "2000 messages, more than 1000" in told
    assert other == "ChatGPT"

    monkeypatch.setattr(documents, "LARGEST_CONVERSATION", 1000)
    assert "a conversation of more than" in found(path)[0]
    monkeypatch.setattr(documents, "LARGEST", 1000)
    assert "more than 0 MiB" in found(path)[0]
    monkeypatch.setattr(documents, "LARGEST", 1 << 20)
    monkeypatch.setattr(documents, "MOST_CONVERSATIONS", 1)
    assert "more than 1 conversations" in found(path)[1]


def test_a_broken_thread_of_jan_is_said(tmp_path: Path) -> None:
    (tmp_path / "thread.json").write_text("{}")
    (tmp_path / "messages.jsonl").write_text("{}\n{")
    (told,) = found(tmp_path)
    assert "no whole JSON" in told


def test_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="there is no file or folder of this name"):
        found(tmp_path / "missing.zip")
