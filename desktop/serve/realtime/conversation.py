"""What was said in a realtime session, item by item, and the engine's messages for it.

Knows OpenAI's items; knows no socket and no engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desktop.assistant.spoken.heard_words import heard_length
from desktop.serve.errors import ApiError
from desktop.serve.responses.answer import new_id
from desktop.serve.responses.items import ARTIFACT

Item = dict[str, Any]
_KINDS = ("message", "function_call", "function_call_output", ARTIFACT)
MOST = 2000
"""Items of one conversation."""


@dataclass(eq=False)
class Said:
    """One item."""

    item: Item
    written: str = ""
    """An answer as the model wrote it, which differs from what is spoken."""
    words: list[tuple[str, float]] = field(default_factory=list)
    """What is spoken of it, and the second of its sound at which each word ends."""

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.item["id"])

    def cut(self, heard_s: float) -> None:
        """Keep what was heard in so many seconds."""
        heard = " ".join(word for word, end_s in self.words if end_s <= heard_s)
        self.written = self.written[: heard_length(self.written, heard)]
        self.words = [(word, end_s) for word, end_s in self.words if end_s <= heard_s]
        for part in self.item["content"]:
            if "transcript" in part:
                part["transcript"] = self.written


class Conversation:
    """All of it, in order."""

    def __init__(self) -> None:
        self._said: list[Said] = []

    @property
    def last(self) -> str | None:
        """Id of the last item."""
        return self._said[-1].id if self._said else None

    def before(self, said: Said) -> str | None:
        """Id of the item before one."""
        place = self._said.index(said)
        return self._said[place - 1].id if place else None

    def add(self, item: Item, after: str | None = None) -> Said:
        """Put an item behind all others, or behind the one named; `root` is the beginning.

        Raises:
            ApiError: it is none, its id is taken, or there is no such place.
        """
        if item.get("type") not in _KINDS:
            raise ApiError(
                f"item.type: expected {', '.join(_KINDS[:3])}, found "
                f"{str(item.get('type'))[:60]!r}.",
                param="item.type",
            )
        if len(self._said) >= MOST:
            raise ApiError(f"expected at most {MOST} items, found as many. Delete some.")
        item = {"object": "realtime.item", "status": "completed", **item}
        item["id"] = item.get("id") or new_id("item")
        if any(one.id == item["id"] for one in self._said):
            raise ApiError("item.id: expected one that is not taken.", param="item.id")
        if item["type"] == "function_call" and not item.get("call_id"):
            item["call_id"] = new_id("call")
        said = Said(item)
        place = len(self._said)
        if after == "root":
            place = 0
        elif after is not None:
            place = self._said.index(self.find(after)) + 1
        self._said.insert(place, said)
        return said

    def find(self, key: object) -> Said:
        """One of them.

        Raises:
            ApiError: there is none of this id.
        """
        for said in self._said:
            if said.id == key:
                return said
        raise ApiError(
            f"item_id: expected the id of an item, found {str(key)[:80]!r}.",
            code="item_not_found",
            param="item_id",
        )

    def remove(self, key: object) -> None:
        """Forget one. Raises as `find`."""
        self._said.remove(self.find(key))

    def truncate(self, key: object, heard_s: float) -> None:
        """Keep of an answer what was heard.

        Raises:
            ApiError: it is no spoken answer.
        """
        said = self.find(key)
        if said.item.get("role") != "assistant":
            raise ApiError("item_id: expected an answer of the assistant.", param="item_id")
        said.cut(heard_s)

    def items(self) -> list[Item]:
        """All of it, in the shape of `/v1/responses`; what holds no word is left out."""
        return [plain for said in self._said if (plain := _plain(said.item, said.written))]


def plain(items: list[Item]) -> list[Item]:
    """Items that a request gives, in the shape of `/v1/responses`."""
    return [found for item in items if (found := _plain(item, ""))]


def _plain(item: Item, written: str) -> Item | None:
    if item.get("type", "message") != "message":
        return item
    content = item.get("content")
    parts = [_part(part) for part in content] if isinstance(content, list) else []
    if written:
        parts = [{"type": "output_text", "text": written}]
    if all(part.get("type") in ("input_text", "output_text") for part in parts) and not any(
        part.get("text") for part in parts
    ):
        return None
    return {**item, "content": parts}


def _part(part: object) -> Item:
    found: Item = part if isinstance(part, dict) else {}
    match found.get("type"):
        case "input_audio" | "audio":
            return {"type": "input_text", "text": str(found.get("transcript") or "")}
        case "output_audio":
            return {"type": "output_text", "text": str(found.get("transcript") or "")}
    return found
