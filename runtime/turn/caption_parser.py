"""Cuts captions out of generated text as it streams (captioned routing). Knows no model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Text outside any caption."""

    text: str


@dataclass(frozen=True)
class CaptionBegan:
    """An opening tag was read: the model asks for an artifact of this modality."""

    modality: str


@dataclass(frozen=True)
class CaptionEnded:
    """The whole caption, without its tags and outer white space."""

    modality: str
    caption: str


Cut = Words | CaptionBegan | CaptionEnded


class CaptionParser:
    """Feed it pieces of text; what could still become a tag is held back."""

    def __init__(self, tags: Mapping[str, tuple[str, str]]) -> None:
        """`tags`: opening and closing text, both non-empty, by modality."""
        self._tags = dict(tags)
        self._inside: str | None = None
        self._held = ""

    def feed(self, text: str) -> Iterator[Cut]:
        """The parts that are certain after `text` was added."""
        self._held += text
        while True:
            cut = self._ended() if self._inside is not None else self._began()
            if not cut:
                return
            yield from cut

    def finish(self) -> Iterator[Cut]:
        """The rest at the end of the answer: a caption that was never closed counts as closed."""
        if self._inside is not None:
            yield CaptionEnded(self._inside, self._held.strip())
        elif self._held:
            yield Words(self._held)
        self._held, self._inside = "", None

    def _ended(self) -> list[Cut]:
        assert self._inside is not None
        caption, closing, rest = self._held.partition(self._tags[self._inside][1])
        if not closing:
            return []
        ended = CaptionEnded(self._inside, caption.strip())
        self._held, self._inside = rest, None
        return [ended]

    def _began(self) -> list[Cut]:
        found = [
            (at, -len(opening), modality)
            for modality, (opening, _) in self._tags.items()
            if (at := self._held.find(opening)) >= 0
        ]
        if not found:
            keep = max(_tail_length(self._held, opening) for opening, _ in self._tags.values())
            words, self._held = _split(self._held, len(self._held) - keep)
            return [Words(words)] if words else []
        at, length, modality = min(found)
        words, self._held = self._held[:at], self._held[at - length :]
        self._inside = modality
        began = CaptionBegan(modality)
        return [Words(words), began] if words else [began]


def _split(text: str, at: int) -> tuple[str, str]:
    return text[:at], text[at:]


def _tail_length(text: str, tag: str) -> int:
    """Length of the longest end of `text` that begins `tag`."""
    longest = min(len(text), len(tag) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(tag[:n])), 0)
