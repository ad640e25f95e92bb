"""Collects an answer's parts in order. Knows messages only."""

from __future__ import annotations

from runtime.messages import (
    Message,
    Part,
    SignalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)


class Reply:
    """The assistant's message in the making."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def add_text(self, text: str) -> None:
        """Append words."""
        last = self._parts[-1] if self._parts else None
        if isinstance(last, TextPart):
            self._parts[-1] = TextPart(last.text + text)
        else:
            self._parts.append(TextPart(text))

    def add_thought(self, text: str) -> None:
        """Append thinking."""
        last = self._parts[-1] if self._parts else None
        if isinstance(last, ThinkingPart):
            self._parts[-1] = ThinkingPart(last.text + text)
        else:
            self._parts.append(ThinkingPart(text))

    def end_thought(self, seconds: float, *, cut: bool) -> bool:
        """The thinking is over; False if there was none."""
        last = self._parts[-1] if self._parts else None
        if not isinstance(last, ThinkingPart):
            return False
        self._parts[-1] = ThinkingPart(last.text, seconds, cut)
        return True

    def add_signal(self, modality: str) -> None:
        """An artifact was asked for here."""
        self._parts.append(SignalPart(modality))

    def add_call(self, call: ToolCallPart) -> None:
        """A tool was asked for here."""
        self._parts.append(call)

    def caption(self, text: str) -> None:
        """Set the caption of the artifact that was requested last."""
        for number in range(len(self._parts) - 1, -1, -1):
            part = self._parts[number]
            if isinstance(part, SignalPart):
                self._parts[number] = SignalPart(part.modality, text)
                return

    @property
    def has_words(self) -> bool:
        """True if there is anything to read."""
        return any(isinstance(part, TextPart) and part.text.strip() for part in self._parts)

    @property
    def has_calls(self) -> bool:
        """True if it asks for a tool."""
        return any(isinstance(part, ToolCallPart) for part in self._parts)

    def message(self) -> Message:
        """All of it so far."""
        return Message("assistant", tuple(self._parts))
