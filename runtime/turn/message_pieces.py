"""Messages as the pieces that a prompt consists of, in the order of the bundle's template.

Knows messages, template and signal ids; cuts no text into tokens and looks at no medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.text.joint_tokens import Piece
from runtime.messages import MediaPart, Message, Part, SignalPart, TextPart

Element = Piece | TokenChunk | MediaPart
"""A text, tokens that no text stands for, or the place of a medium."""


class MessagePieces:
    """The pieces of one bundle's conversations."""

    def __init__(
        self,
        template: TemplateSpec,
        signals: Mapping[str, Sequence[int]],
        tags: Mapping[str, tuple[str, str]],
        system: str,
    ) -> None:
        """`signals` are the signal tokens by modality; `tags` what stands around a caption, by
        modality; `system` a person's own words, in place of the template's, or none.

        Raises:
            KnownError: the template has no place for a person's own system text.
        """
        if system and not template.system_open:
            raise KnownError(
                "system text: expected a bundle that takes one, found one whose template has no "
                "place for it. Clear the system text, or choose another bundle."
            )
        self._template = template
        self._signals = signals
        self._tags = tags
        self._system = system

    def opening(self) -> list[Element]:
        """What stands before the conversation, the token that begins a text aside."""
        template = self._template
        if not template.system_open:
            return [(template.system, True)]
        system = (self._system, False) if self._system else (template.system, True)
        return [(template.system_open, True), system, (template.system_close, True)]

    def message(self, message: Message) -> list[Element]:
        """A message of the conversation, closed."""
        if message.role == "assistant":
            return [*self.answer(message), (self._template.answer_close, True)]
        return [*self.question(message), (self._template.user_close, True)]

    def question(self, message: Message) -> list[Element]:
        """A person's message that is not closed yet: media first."""
        media = [part for part in message.parts if isinstance(part, MediaPart)]
        others = [part for part in message.parts if not isinstance(part, MediaPart)]
        body = [piece for part in [*media, *others] for piece in self._part(part)]
        return [(self._template.user_open, True), *body]

    def answer(self, message: Message) -> list[Element]:
        """An answer that is not closed yet."""
        return [piece for part in message.parts for piece in self._part(part)]

    def reminder(self) -> list[Element]:
        """A person's own system text once more, behind the last message."""
        if not self._system or not self._template.system_reminder:
            return []
        return [(self._template.system_reminder.replace("{system}", self._system), False)]

    def closing(self) -> list[Element]:
        """What closes the last message and begins its answer."""
        return [(self._template.user_close, True), (self._template.answer_open, True)]

    def _part(self, part: Part) -> list[Element]:
        if isinstance(part, TextPart):
            return [(part.text, False)]
        if isinstance(part, SignalPart):
            if part.caption and part.modality in self._tags:
                opened, closed = self._tags[part.modality]
                return [(opened, True), (part.caption, False), (closed, True)]
            return [TokenChunk(tuple(self._signals.get(part.modality, ())))]
        if isinstance(part, MediaPart):
            return [(self._template.media_open, True), part, (self._template.media_close, True)]
        return []  # What was thought is not sent back.
