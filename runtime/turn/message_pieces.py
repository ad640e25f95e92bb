"""Messages as the pieces that a prompt consists of, in the order of the bundle's template.

Knows messages, template and signal ids; cuts no text into tokens and looks at no medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.calls.form import tools_form
from runtime.calls.writing import Step, calls, result_pieces, steps, tools_list
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.text.joint_tokens import Piece
from runtime.language_model.text.thinking import ThinkingMarkers
from runtime.messages import (
    MediaPart,
    Message,
    Part,
    SignalPart,
    TextPart,
    ThinkingPart,
    ToolResultPart,
    ToolSpec,
)

Element = Piece | TokenChunk | MediaPart
"""A text, tokens that no text stands for, or the place of a medium."""
SEAM = TokenChunk(())
"""Stands between texts that are cut by themselves."""


class MessagePieces:
    """The pieces of one bundle's conversations."""

    def __init__(
        self,
        template: TemplateSpec,
        signals: Mapping[str, Sequence[int]],
        tags: Mapping[str, tuple[str, str]],
        system: str,
        tools: Sequence[ToolSpec] = (),
        thinking: ThinkingMarkers | None = None,
        briefing: str = "",
    ) -> None:
        """`signals` are the signal tokens by modality; `tags` what stands around a caption, by
        modality; `system` a person's own words, in place of the template's, or none; `tools` those
        that the model may ask for; `thinking` the marks around thoughts, which an answer that goes
        on keeps; `briefing` what it is told beside its task where there are tools.

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
        self._tools = tools
        self._form = tools_form(template)
        self._thinking = thinking
        self._briefing = briefing

    def opening(self) -> list[Element]:
        """What stands before the conversation, the token that begins a text aside."""
        template = self._template
        if self._tools:
            return self._opening_with_tools()
        if not template.system_open:
            return [(template.system, True)]
        system = (self._system, False) if self._system else (template.system, True)
        return [(template.system_open, True), system, (template.system_close, True)]

    def message(self, message: Message, *, first: bool = True) -> list[Element]:
        """A message of the conversation, closed; `first`: of its first turn."""
        if message.role == "assistant":
            return [*self.answer(message), (self._template.answer_close, True)]
        return [*self.question(message, first=first), (self._template.user_close, True)]

    def question(self, message: Message, *, first: bool = True) -> list[Element]:
        """A person's message that is not closed yet: media first."""
        template = self._template
        media = [part for part in message.parts if isinstance(part, MediaPart)]
        others = [part for part in message.parts if not isinstance(part, MediaPart)]
        body = [piece for part in [*media, *others] for piece in self._part(part)]
        later = template.user_open_later
        opened = template.user_open if first or later is None else later
        if template.cut == "joined":
            return [(opened, True), *body]
        return [SEAM, (opened, True), *([] if media or opened == later else [SEAM]), *body]

    def answer(self, message: Message) -> list[Element]:
        """An answer that is not closed yet. Between its steps stands what calls gave."""
        written: list[Element] = [SEAM] if self._template.cut == "segments" else []
        for step in steps(message.parts):
            written += self._words(step)
            if step.calls:
                written += [*self._results(step), (self._form.results_close, True)]
        return written

    def going_on(self, message: Message, opened: str) -> tuple[list[Element], list[Element]]:
        """An answer that waits to be continued, up to the last result, and what closes that.

        Args:
            message: the answer.
            opened: begins each of its steps, in place of the template's `answer_open`.
        """
        written: list[Element] = []
        end: list[Element] = [(opened, True)]
        for step in steps(message.parts):
            written += [*end, *self._thoughts(step, opened), *self._words(step)]
            if not step.calls:
                continue
            written += self._results(step)
            end = [(self._form.results_close, True), (opened, True)]
        return written, end

    def reminder(self) -> list[Element]:
        """What stands behind the last message: how to call, and a person's own system text once
        more."""
        reminded: list[Element] = [(self._form.reminder, True)] if self._tools else []
        if self._system and self._template.system_reminder:
            own = self._template.system_reminder.replace("{system}", self._system)
            reminded.append((own, False))
        return reminded

    def closing(self) -> list[Element]:
        """What closes the last message and begins its answer."""
        return [(self._template.user_close, True), (self._template.answer_open, True)]

    def _opening_with_tools(self) -> list[Element]:
        form, template = self._form, self._template
        own = form.system or (template.system if template.system_open else "")
        system = (self._system, False) if self._system else (own, True)
        listed = tools_list(form, self._tools)
        told: list[Element] = [system]
        if self._briefing:
            told.append((f"\n\n{self._briefing}" if system[0] else self._briefing, False))
        if form.list_first:
            return [*listed, (form.system_open, True), *told, (form.system_close, True)]
        return [(form.system_open, True), *told, *listed, (form.system_close, True)]

    def _words(self, step: Step) -> list[Element]:
        """A step of an answer up to the end of its calls."""
        written = [piece for part in step.words for piece in self._part(part)]
        if not step.calls:
            return written
        said = "".join(part.text for part in step.words if isinstance(part, TextPart))
        return [*written, *calls(self._form, step.calls, behind=said)]

    def _results(self, step: Step) -> list[Element]:
        """What the calls of a step gave, but for what closes all of it."""
        written: list[Element] = [(self._form.results_open, True)]
        for number, call in enumerate(step.calls):
            if number:
                written.append((self._form.results_between, True))
            written += self._result(step.result(call))
        return written

    def _result(self, result: ToolResultPart) -> list[Element]:
        opened, closed = result_pieces(self._form, result)
        media = [piece for part in result.media for piece in self._part(part)]
        return [*opened, *media, *closed]

    def _thoughts(self, step: Step, opened: str) -> list[Element]:
        """What was thought before a step, as the model wrote it."""
        thought = "".join(part.text for part in step.words if isinstance(part, ThinkingPart))
        marks = self._thinking
        if not thought or marks is None:
            return []
        begun = opened.rstrip().endswith(marks.open.rstrip())
        line = "\n" if marks.after else ""
        begin = "" if begun else marks.open + line
        return [(begin, True), (thought, False), (line + marks.close + marks.after, True)]

    def _part(self, part: Part) -> list[Element]:
        if isinstance(part, TextPart):
            return [(part.text, False)]
        if isinstance(part, SignalPart):
            if part.caption and part.modality in self._tags:
                opened, closed = self._tags[part.modality]
                return [(opened, True), (part.caption, False), (closed, True)]
            return [TokenChunk(tuple(self._signals.get(part.modality, ())))]
        if isinstance(part, MediaPart):
            template, parsed = self._template, self._template.media_marks == "token"
            return [(template.media_open, parsed), part, (template.media_close, parsed)]
        return []  # What was thought is not sent back.
