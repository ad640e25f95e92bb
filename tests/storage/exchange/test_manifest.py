"""The manifest of an exported conversation: its form, and what makes it whole."""

from __future__ import annotations

import codecs
from typing import Any

import msgspec
import pytest

from storage.errors import ExchangeError
from storage.exchange.manifest import (
    Manifest,
    MediumRecord,
    MessageRecord,
    PartRecord,
    checked,
    decode,
    encode,
)

SHA = "a" * 64
MEDIUM = MediumRecord(SHA, 3, "image/png", "image", "media/a.png")
ASKED = MessageRecord(1, None, "user", "complete", 5, (PartRecord("medium", medium=SHA),))
ANSWER = MessageRecord(2, 1, "assistant", "complete", 6, (PartRecord("text", "a cat"),))
WHOLE = Manifest(
    uuid="0" * 32, title="A cat", created_ms=5, updated_ms=6, leaf=2, messages=(ASKED, ANSWER),
    media=(MEDIUM,),
)  # fmt: skip


def test_a_manifest_comes_back_from_its_json() -> None:
    assert decode(encode(WHOLE), "x") == WHOLE


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_marks_that_editors_put_before_it_are_read(mark: str) -> None:
    data = encode(WHOLE).decode("utf-8").encode(mark)

    assert data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16))
    assert decode(data, "x") == WHOLE


@pytest.mark.parametrize(
    "changes",
    [
        {"messages": (ANSWER, ASKED)},
        {"messages": (ASKED, ASKED)},
        {"media": (MEDIUM, MEDIUM)},
        {"media": ()},
        {"leaf": 9},
        {"title": "x" * 2000},
        {"created_ms": -1},
    ],
)
def test_a_contradiction_is_refused(changes: dict[str, Any]) -> None:
    broken = msgspec.structs.replace(WHOLE, **changes)

    with pytest.raises(ExchangeError):
        checked(broken, "x")
    with pytest.raises(ExchangeError):
        decode(encode(broken), "x")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"{}", "expected the format"),
        (b"no json", "expected a conversation as JSON"),
        (b'{"format": "medley-conversation", "version": 9}', "expected version 1"),
    ],
)
def test_another_form_is_named(data: bytes, found: str) -> None:
    with pytest.raises(ExchangeError, match=found):
        decode(data, "x")
