"""The reference's JSON forms, both generations: T-X pairs, T+X->T, T->T+X and MosIT.

The first generation has `conversation` and names such as `image_name`; the second has
`conversations` with `<image>` where a medium stands, and `input_image` or `image_captions`. Forms
are told by their keys, and a plugin's modality is written like the others: `sketch_name`. Knows
records; knows no files but through `MediaFiles`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from training.datasets.examples import (
    BadData,
    Dialogue,
    Example,
    Exchange,
    Medium,
    Pair,
    Wanted,
)
from training.datasets.media_files import MediaFiles
from training.datasets.records import MAX_CAPTION_WORDS, Record

_IDS = ("id", "source", "source_data", "data_source", "split", "task")
_ROLES = {"human": "human", "user": "human", "gpt": "gpt", "assistant": "gpt"}
Find = Callable[[str, str], Medium]
"""The medium of a modality and a name."""


class Forms:
    """Parses records whose media are of the given modalities."""

    def __init__(self, modalities: Collection[str], files: MediaFiles) -> None:
        self.modalities = tuple(modalities)
        self._files = files
        of_each = "{m}_name", "{m}_id", "{m}_list", "{m}_captions", "{m}_caption_embeddings"
        both_ways = "input_{m}", "output_{m}"
        named = [key.format(m=m) for m in modalities for key in (*of_each, *both_ways)]
        self._keys = {
            *_IDS, *named, "caption", "conversation", "conversations", "mm_name",
            "input_modality", "output_modality",
        }  # fmt: skip
        self._message_keys = {
            "from", "value", "caption", "input_modality", "output_modality", "mm_name",
            *(f"{m}_name" for m in modalities),
        }  # fmt: skip
        self._places = re.compile(
            rf"<({'|'.join(map(re.escape, modalities))})>(?:\s*([^<>]+?)\s*</\1>)?", re.IGNORECASE
        )

    def parse(self, data: object, source: Path) -> Example:
        """One record of the file `source`.

        Raises:
            BadData: it is of no known form, or cannot be used.
        """
        record = Record(data, self._keys)

        def find(modality: str, name: str) -> Medium:
            return Medium(modality, str(self._files.find(name, source)))

        if "conversation" in record or "conversations" in record:
            return _Conversation(self, record, find).dialogue()
        named = [m for m in self.modalities if f"{m}_name" in record]
        if "caption" in record and len(named) == 1:
            caption = record.text("caption", words=MAX_CAPTION_WORDS)
            return Pair(find(named[0], record.text(f"{named[0]}_name")), caption)
        names = " or ".join(f"{m}_name" for m in self.modalities)
        raise BadData("missing key", f"expected a conversation, or a caption with one of {names}")

    def message(self, data: object) -> Record:
        """One message of a conversation."""
        return Record(data, self._message_keys)

    def modality(self, record: Record, key: str) -> str:
        """`text` or one of the modalities; `text` where nothing is said."""
        found = record.optional(key, "text").lower() or "text"
        if found != "text" and found not in self.modalities:
            known = ", ".join(("text", *self.modalities))
            raise BadData("no part for it", f"{key}: expected {known}, found {found[:40]!r}")
        return found

    def split(self, value: str) -> list[str | tuple[str, str]]:
        """Words and media in order; a medium is (modality, name or nothing)."""
        pieces: list[str | tuple[str, str]] = []
        end = 0
        for place in self._places.finditer(value):
            pieces += [value[end : place.start()], (place[1].lower(), place[2] or "")]
            end = place.end()
        pieces.append(value[end:])
        words = [piece.strip() if isinstance(piece, str) else piece for piece in pieces]
        return [piece for piece in words if piece]


class _Conversation:
    """One record with a conversation, on its way to a `Dialogue`."""

    def __init__(self, forms: Forms, record: Record, find: Find) -> None:
        self._forms, self._record, self._find = forms, record, find
        self._given = {m: record.texts(f"input_{m}") for m in forms.modalities}
        self._wanted = {
            m: record.texts(f"{m}_captions", words=MAX_CAPTION_WORDS) for m in forms.modalities
        }
        self._used = dict.fromkeys(forms.modalities, 0)
        self._asked = dict.fromkeys(forms.modalities, 0)
        self._captions = self._listed()
        self._waiting = [
            (m, record.text(f"{m}_name")) for m in forms.modalities if f"{m}_name" in record
        ]

    def dialogue(self) -> Dialogue:
        key = "conversation" if "conversation" in self._record else "conversations"
        messages = [self._forms.message(item) for item in self._record.items(key)]
        if not messages:
            raise BadData("empty", f"{key} is empty")
        roles = [_ROLES.get(message.text("from").lower(), "") for message in messages]
        if len(messages) % 2 or roles != ["human", "gpt"] * (len(messages) // 2):
            raise BadData(
                "wrong order",
                f"expected human and gpt in turn, found {', '.join(r or '?' for r in roles[:8])}",
            )
        pairs = zip(messages[::2], messages[1::2], strict=True)
        exchanges = [self._exchange(asked, answer) for asked, answer in pairs]
        if self._waiting and exchanges:
            media = tuple(self._find(modality, name) for modality, name in self._waiting)
            first = exchanges[0]
            exchanges[0] = Exchange((*media, *first.media), first.text, first.answer)
        return Dialogue(tuple(exchanges))

    def _exchange(self, asked: Record, answered: Record) -> Exchange:
        media, words = [], []
        for piece in self._forms.split(asked.words("value")):
            if isinstance(piece, str):
                words.append(piece)
            else:
                media += self._medium(*piece)
        media += self._named(asked)
        if not words and not media:
            raise BadData("empty", "a request says nothing")
        answer = self._answer(answered)
        if not answer:
            raise BadData("empty", "an answer says nothing")
        return Exchange(tuple(media), " ".join(words), tuple(answer))

    def _medium(self, modality: str, name: str) -> list[Medium]:
        """The medium that `<image>` or `<Image>name</Image>` stands for in a request.

        Some data repeat `<image>` in every turn for the one picture there is; the first counts.
        """
        if name:
            return [self._find(modality, name)]
        given, used = self._given[modality], self._used[modality]
        self._used[modality] += 1
        if used < len(given):
            return [self._find(modality, given[used])]
        if given or any(m == modality for m, _ in self._waiting):
            return []
        raise BadData("missing key", f"<{modality}> stands in a request without input_{modality}")

    def _named(self, asked: Record) -> list[Medium]:
        """Media that the first generation names beside the words, in the message or the record."""
        own = [(m, asked.text(f"{m}_name")) for m in self._forms.modalities if f"{m}_name" in asked]
        wished = self._forms.modality(asked, "input_modality")
        here = [entry for entry in self._waiting if entry[0] == wished]
        self._waiting = [entry for entry in self._waiting if entry not in here]
        return [self._find(modality, name) for modality, name in (*own, *here)]

    def _answer(self, answered: Record) -> list[str | Wanted]:
        parts: list[str | Wanted] = []
        for piece in self._forms.split(answered.words("value")):
            parts.append(piece if isinstance(piece, str) else self._artifact(*piece, answered))
        modality = self._forms.modality(answered, "output_modality")
        drawn = [part.modality for part in parts if isinstance(part, Wanted)]
        if modality != "text" and modality not in drawn:
            parts.append(Wanted(modality, answered.text("caption", words=MAX_CAPTION_WORDS)))
        return parts

    def _artifact(self, modality: str, name: str, answered: Record) -> Wanted:
        """The artifact that `<image>` or `<Image>name</Image>` stands for in an answer."""
        if name:
            caption = self._captions.get((modality, name), "")
        else:
            asked, captions = self._asked[modality], self._wanted[modality]
            self._asked[modality] += 1
            caption = captions[asked] if asked < len(captions) else ""
        if not caption and "caption" in answered:
            caption = answered.text("caption", words=MAX_CAPTION_WORDS)
        if not caption:
            raise BadData("missing key", f"no caption for the {modality} in an answer")
        return Wanted(modality, caption)

    def _listed(self) -> dict[tuple[str, str], str]:
        """Captions of MosIT's `image_list` and the like, by modality and name."""
        captions: dict[tuple[str, str], str] = {}
        for modality in self._forms.modalities:
            for item in self._record.items(f"{modality}_list"):
                listed = Record(item, {f"{modality}_name", "caption", *_IDS})
                caption: Any = listed.words("caption", words=MAX_CAPTION_WORDS)
                captions[modality, listed.text(f"{modality}_name")] = caption
        return captions
