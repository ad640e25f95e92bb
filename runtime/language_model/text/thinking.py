"""The thinking that some models write before their answer, told from the answer itself.

Knows the marks by which chat templates set it apart, and text; knows no tokens and no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class ThinkingMarkers:
    """The marks around a model's thinking."""

    open: str
    close: str
    after: str = "\n\n"
    """What a model writes between the closing mark and its answer."""
    skipped: tuple[str, ...] = ()
    """Marks that may begin an answer without thinking; they are not part of it."""
    told_by: tuple[str, ...] = ()
    """What a chat template that has these marks names; the marks themselves by default."""

    @property
    def nothing(self) -> str:
        """What begins an answer before which nothing is thought."""
        between = "\n\n" if self.after else ""
        return self.skipped[0] if self.skipped else self.open + between + self.close + self.after


KNOWN = (
    ThinkingMarkers(
        "<|channel>thought\n", "<channel|>", "", (), ("<|channel>thought", "<channel|>")
    ),
    ThinkingMarkers(
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
        "",
        ("<|channel|>final<|message|>",),
        ("<|channel|>analysis<|message|>",),
    ),
    ThinkingMarkers("<|START_THINKING|>", "<|END_THINKING|>", ""),
    ThinkingMarkers("<|inner_prefix|>", "<|inner_suffix|>", ""),
    ThinkingMarkers("<seed:think>", "</seed:think>"),
    ThinkingMarkers("[THINK]", "[/THINK]", ""),
    ThinkingMarkers("<think>", "</think>"),
    ThinkingMarkers("<thinking>", "</thinking>"),
    ThinkingMarkers("<thought>", "</thought>"),
    ThinkingMarkers("<reasoning>", "</reasoning>"),
)
"""The marks of known families. A template that names several is of the first."""


@dataclass(frozen=True)
class Thinking:
    """How one answer may think."""

    markers: ThinkingMarkers
    begun: bool = False
    """True if the prompt itself ends with the opening mark."""
    most_tokens: int = 1024
    """Where its thinking is cut, so that the answer comes."""
    closing: tuple[int, ...] = ()
    """The tokens that cut it."""
    names: Mapping[int, bytes] = field(default_factory=dict)
    """Control tokens that its marks consist of, with their texts."""


def thinking_markers(chat_template: str) -> ThinkingMarkers | None:
    """The marks that a model's chat template names; None for a model that does not think."""
    for known in KNOWN:
        if all(sign in chat_template for sign in known.told_by or (known.open, known.close)):
            return known
    return None


class Read(NamedTuple):
    """What of an answer's text is certain."""

    thought: str = ""
    ended: bool = False
    """True if the thinking ended here."""
    words: str = ""
    """Words of the answer, which follow it."""


class ThoughtReader:
    """Feed it the text of an answer from its beginning until it is `done`."""

    def __init__(self, markers: ThinkingMarkers, *, begun: bool = False) -> None:
        """`begun`: the prompt ends with the opening mark."""
        self._markers = markers
        self._held = ""
        self._thinks = False
        self._thought = begun
        self.inside = begun
        """True within the thinking."""
        self.done = False
        """True once words of the answer came: all that follows is answer."""

    def feed(self, text: str) -> Read:
        """What is certain now that `text` has come."""
        self._held += text
        if not (self.done or self._thought):
            self._begin()
        inside = self.inside
        thought = self._think() if inside else ""
        if self._thought and not (self.inside or self.done):
            self._held = self._held.lstrip()
            self.done = bool(self._held)
        words = self._held if self.done else ""
        if self.done:
            self._held = ""
        return Read(thought, inside and not self.inside, words)

    def finish(self) -> Read:
        """The rest, once nothing more can follow."""
        rest, inside = self._held, self.inside
        self._held, self.inside, self.done = "", False, True
        return Read(rest.rstrip(), True) if inside else Read(words=rest)

    def _begin(self) -> None:
        """Find out whether the answer begins with thinking."""
        lead, markers = self._held.lstrip(), self._markers
        if lead.startswith(markers.open):
            self.inside = self._thought = True
            self._held = lead[len(markers.open) :]
            return
        for mark in markers.skipped:
            if lead.startswith(mark):
                self._held, self.done = lead[len(mark) :], True
                return
        self.done = not any(m.startswith(lead) for m in (markers.open, *markers.skipped))

    def _think(self) -> str:
        """Take thinking that is certain out of what is held."""
        close = self._markers.close
        if not self._thinks:
            self._held = self._held.lstrip()
        thought, closing, rest = self._held.partition(close)
        if closing:
            self.inside = False
            self._held = rest
            return thought.rstrip()
        begun = next(n for n in range(len(close) - 1, -1, -1) if thought.endswith(close[:n]))
        certain = thought[: len(thought) - begun].rstrip()
        self._held = thought[len(certain) :]
        self._thinks = self._thinks or bool(certain)
        return certain
