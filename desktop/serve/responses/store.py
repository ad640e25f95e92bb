"""Responses that were given, kept for the next request: the newest, in memory. Knows no route."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from desktop.serve.errors import ApiError
from desktop.serve.responses.items import Item

MOST, MOST_BYTES = 512, 256 * 2**20
"""Responses, and bytes of all of them, media among them."""


@dataclass(frozen=True)
class Kept:
    """One of them."""

    response: dict[str, Any]
    given: list[Item]
    """What its request gave, without what was said before."""
    size: int
    """Bytes."""

    @property
    def id(self) -> str:
        """Of the response."""
        return str(self.response["id"])

    @property
    def previous(self) -> str | None:
        """Id of the one before."""
        found = self.response.get("previous_response_id")
        return None if found is None else str(found)


class Responses:
    """The newest by their ids; a conversation that goes on stays whole."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def keep(self, response: dict[str, Any], given: list[Item]) -> None:
        """Keep one, in place of the oldest where there are too many."""
        size = len(msgspec.json.encode((response, given)))
        kept = Kept(response, given, size)
        self._kept[kept.id] = kept
        self._bytes += size
        while len(self._kept) > 1 and (
            len(self._kept) > self._most or self._bytes > self._most_bytes
        ):
            self._bytes -= self._kept.popitem(last=False)[1].size

    def find(self, key: str) -> Kept:
        """One of them.

        Raises:
            ApiError: there is none of this id any more.
        """
        if key not in self._kept:
            raise ApiError(
                f"expected the id of a response that is kept, found {key[:80]!r}: only the newest "
                "are, while the server runs, and none whose request said `store: false`.",
                status=HTTPStatus.NOT_FOUND,
                code="response_not_found",
            )
        return self._kept[key]

    def remove(self, key: str) -> None:
        """Forget one. Raises as `find`."""
        self._bytes -= self.find(key).size
        del self._kept[key]

    def said_before(self, key: str | None) -> list[Item]:
        """All that was said up to a response and in it, oldest first.

        Raises:
            ApiError: a part of it is not kept any more.
        """
        chain: list[Kept] = []
        while key is not None:
            try:
                kept = self.find(key)
            except ApiError as error:
                raise ApiError(
                    f"previous_response_id: {error}",
                    code="previous_response_not_found",
                    param="previous_response_id",
                ) from error
            chain.append(kept)
            key = kept.previous
        items: list[Item] = []
        for kept in reversed(chain):
            self._kept.move_to_end(kept.id)
            items += [*kept.given, *kept.response["output"]]
        return items

    def looked_up(self, items: list[Item]) -> list[Item]:
        """Items, with those that only name one of a kept response (`item_reference`) put in.

        Raises:
            ApiError: one names none that is kept.
        """
        if not any(item.get("type") == "item_reference" for item in items):
            return items
        known = {
            item.get("id"): item
            for kept in self._kept.values()
            for item in (*kept.given, *kept.response["output"])
        }
        found = []
        for number, item in enumerate(items):
            if item.get("type") == "item_reference":
                if item.get("id") not in known:
                    where = f"input[{number}].id"
                    raise ApiError(f"{where}: expected an item that is kept.", param=where)
                item = known[item.get("id")]
            found.append(item)
        return found
