"""Takes a chat model's own template apart into a bundle's: the text around what is said.

Knows chat templates and the manifest's pieces; knows no model and no file.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec, ToolsSpec
from runtime.calls.form import plain_form
from runtime.composition.rendering import DATE, Rendered, Task, render
from runtime.composition.tool_template import Around, probes, tools_of
from runtime.language_model.text.thinking import ThinkingMarkers, thinking_markers

MEDIA_OPEN, MEDIA_CLOSE = "<Img>", "</Img>"
"""Tags that the reference writes around every medium, whatever its kind."""
ENDS = (
    "<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<turn|>", "<|endoftext|>",
    "<|end_of_text|>", "<|end_of_turn|>", "<｜end▁of▁sentence｜>", "<|eom_id|>", "<|return|>",
    "[|endofturn|]", "<|message_sep|>", "<EOT>", "</s>",
)  # fmt: skip
"""Texts of tokens that end an answer in the models that are in use."""
_ASKED, _ANSWERED, _ASKED_AGAIN, _SYSTEM = (
    "MEDLEYfirst", "MEDLEYanswer", "MEDLEYsecond", "MEDLEYsystem",
)  # fmt: skip
_FIRST, _ANSWER, _SECOND = (
    ("user", _ASKED),
    ("assistant", _ANSWERED),
    ("user", _ASKED_AGAIN),
)
_SETTLED = "Understood."
"""The answer to a system text that stands where the first message of a person would."""
_USUAL = ThinkingMarkers("<think>", "</think>")
_OPENER = re.compile(r"\s*(<[^<>\s]+>|\[/?[A-Z_]+\])")


@dataclass(frozen=True)
class ChatPieces:
    """The text around what is said in a conversation, as one model writes it."""

    begin: str
    """Before everything, the token that begins a text not among it; a system text of the model's
    own where it has one."""
    add_bos: bool
    """True if a conversation begins with the token that begins a text."""
    system_open: str
    system_close: str
    user_open: str
    user_close: str
    answer_close: str
    ended: bool
    """True if a token ends an answer."""
    stop: tuple[str, ...]
    """Texts that end an answer besides these tokens."""
    question_open: str
    """What stands between a person's last message and a question about it that is no message."""
    question_close: str
    """What stands between this question and the model's reply to it."""
    system_role: bool = True
    """False where the model knows no system text: it then stands as the first message."""
    answer_open: str = ""
    """Begins the answer that is asked for; no earlier one has it."""
    thinking_answer_open: str | None = None
    """Begins it instead where the model is to think first; None for a model that has no choice."""
    tools: ToolsSpec | None = None
    """How the template writes tools and calls; None where it does not, or in no way that is
    known here."""

    def asked(self, question: str) -> str:
        """What closes a conversation with a question about its last message."""
        return f"{self.question_open}{question}{self.question_close}"


def chat_pieces(
    chat_template: str, *, bos: str, eos: str, ends: Collection[str], add_bos: bool = False
) -> ChatPieces:
    """The pieces with which `chat_template` writes conversations.

    Args:
        chat_template: the model's, in Jinja.
        bos: text of the token that begins a text.
        eos: text of the token that ends one.
        ends: texts of all tokens that end an answer.
        add_bos: whether a conversation begins with `bos` even where the template leaves it out.

    Raises:
        KnownError: it fails, or does not write a conversation turn after turn.
    """
    system = ("system", _SYSTEM)
    said = (
        (_FIRST, _ANSWER, _SECOND),
        (system, _FIRST, _ANSWER, _SECOND),
        (("system", _ASKED_AGAIN), _FIRST, system),
        (_FIRST, _ANSWER, _SECOND),
    )
    thinks = (False, False, False, True)
    task = Task(chat_template, bos, eos, said, thinks, probes())
    plain, opened, asked, thinking, *probed = render(task)
    turns = _turns(plain, bos, eos, ends)
    answer_open, thinking_answer_open = _answer_opens(chat_template, plain, thinking, turns, bos)
    add_bos = bool(bos) and (add_bos or turns.add_bos)
    around = _system(opened, turns, bos, bos if add_bos else "")
    role = around is not None
    system_open, system_close = around or _as_message(turns)
    question_open, question_close = _question(asked, turns, bos) if role else ("", "")
    if not question_open:
        question_open = "\n\n"
        question_close = turns.user_close + answer_open
    tidied = [msgspec.structs.replace(one, text=_tidied(one.text, bos)) for one in probed]
    known = Around(
        bos=bos,
        user_open=turns.user_open,
        user_close=turns.user_close,
        answer_open=answer_open,
        system_open=system_open,
        system_close=system_close,
        ends=tuple(ends),
    )
    return ChatPieces(
        begin=turns.begin,
        add_bos=add_bos and system_open != bos,
        system_open=system_open,
        system_close=system_close,
        user_open=turns.user_open,
        user_close=turns.user_close,
        answer_close=turns.answer_close,
        ended=turns.ended,
        stop=turns.stop,
        question_open=question_open,
        question_close=_without_thought(question_close, _markers(chat_template)),
        system_role=role,
        answer_open=answer_open,
        thinking_answer_open=thinking_answer_open,
        tools=tools_of(tidied, known),
    )


def template_from_chat(
    chat_template: str, *, bos: str, eos: str, ends: Collection[str]
) -> TemplateSpec:
    """The bundle's template that writes conversations as `chat_template` does, for a model that is
    trained with it: with the system text that is the model's own, and media between tags.

    Args and raises: as `chat_pieces`.
    """
    said = (_FIRST, _ANSWER, _SECOND)
    plain, thinking = render(Task(chat_template, bos, eos, (said, said), (False, True)))
    pieces = _turns(plain, bos, eos, ends)
    answer_open, thinking_answer_open = _answer_opens(chat_template, plain, thinking, pieces, bos)
    # Where only words end an answer, the model also learns to end it with its own token.
    return TemplateSpec(
        system=(bos if pieces.add_bos else "") + pieces.begin,
        user_open=pieces.user_open,
        user_close=pieces.user_close,
        answer_open=answer_open,
        thinking_answer_open=thinking_answer_open,
        answer_close=pieces.answer_close + ("" if pieces.ended else eos),
        media_open=MEDIA_OPEN,
        media_close=MEDIA_CLOSE,
        stop=() if pieces.ended else pieces.stop,
    )


def system_template(
    pieces: ChatPieces,
    system: str,
    reminder: str,
    tools_system: str = "",
    tools_reminder: str = "",
) -> TemplateSpec:
    """The bundle's template with Medley's own system text.

    Args:
        pieces: of the model.
        system: the system text where a person has none of their own.
        reminder: see `TemplateSpec.system_reminder`.
        tools_system: the system text where there are tools; `system` by default.
        tools_reminder: see `ToolsSpec.reminder`; for models whose own template has no tools.
    """
    template = TemplateSpec(
        system=system,
        system_open=pieces.system_open,
        system_close=pieces.system_close,
        system_reminder=reminder,
        user_open=pieces.user_open,
        user_close=pieces.user_close,
        answer_open=pieces.answer_open,
        thinking_answer_open=pieces.thinking_answer_open,
        answer_close=pieces.answer_close,
        add_bos=pieces.add_bos,
        stop=pieces.stop,
    )
    form = pieces.tools or plain_form(template)
    reminded = "" if pieces.tools else tools_reminder
    tools = msgspec.structs.replace(form, system=tools_system, reminder=reminded)
    return msgspec.structs.replace(template, tools=tools)


@dataclass(frozen=True)
class _Turns:
    begin: str
    add_bos: bool
    user_open: str
    user_close: str
    answer_open: str
    answer_close: str
    ended: bool
    stop: tuple[str, ...]


def _turns(rendered: Rendered, bos: str, eos: str, ends: Collection[str]) -> _Turns:
    """What stands around questions and answers."""
    if rendered.problem:
        raise KnownError(
            "language model: expected a chat template that can be rendered, found one that fails "
            "({problem}).",
            problem=rendered.problem,
        )
    text = _tidied(rendered.text, bos)
    before, _, rest = text.partition(_ASKED)
    user_close, _, rest = rest.partition(_ANSWERED)
    between, found, after = rest.partition(_ASKED_AGAIN)
    if not found:
        raise KnownError(
            "language model: expected a chat template that writes questions and answers in turn, "
            "found one that does not."
        )
    end = min((end for end in ends if end and end in between), key=between.find, default="")
    ended = between.find(end) + len(end) if end else 0
    user_open = _common_end(before, between[ended:])
    # The end of a line belongs to what the token ends.
    user_open = user_open.lstrip("\n") if ended else user_open
    add_bos = bool(bos) and before.startswith(bos)
    next_turn = between.strip()
    opener = _OPENER.match(user_open)
    marks = [end or next_turn, opener.group(1) if opener and end else ""]
    # What begins the answer that is asked for may be more than what stands before earlier ones.
    same = _common_begin(user_close, after) or after or user_close
    return _Turns(
        begin=before[len(bos) if add_bos else 0 : len(before) - len(user_open)],
        add_bos=add_bos,
        user_open=user_open,
        user_close=same,
        answer_open=after[len(same) :],
        answer_close=between[: len(between) - len(user_open)],
        ended=bool(end),
        stop=tuple(dict.fromkeys(mark for mark in marks if mark)),
    )


def _answer_opens(
    chat_template: str, plain: Rendered, thinking: Rendered, turns: _Turns, bos: str
) -> tuple[str, str | None]:
    """What begins the answer that is asked for, and what does where the model is to think first;
    None where that is no other, or also changes what comes before."""
    before, _, after = _tidied(plain.text, bos).rpartition(_ASKED_AGAIN)
    also_before, _, also_after = _tidied(thinking.text, bos).rpartition(_ASKED_AGAIN)
    fits = also_before == before and also_after.startswith(turns.user_close)
    if thinking.problem or not fits or also_after == after:
        return turns.answer_open, None
    opened = turns.answer_open
    markers = _markers(chat_template)
    if opened.rstrip().endswith(markers.open):
        opened = _without_thought(opened, markers)
    return opened, also_after.removeprefix(turns.user_close)


def _system(rendered: Rendered, turns: _Turns, bos: str, opener: str) -> tuple[str, str] | None:
    """What stands around a system text; None where the template has no place for one before the
    first message. Something has to open it: `opener` where the template has nothing."""
    text = _tidied(rendered.text, bos)
    before, found, rest = text.partition(_SYSTEM)
    between, asked, _ = rest.partition(_ASKED)
    fits = found and asked and _ASKED not in before and between.endswith(turns.user_open)
    if rendered.problem or not fits:
        return None
    opened = before.removeprefix(bos) or opener
    return (opened, between[: len(between) - len(turns.user_open)]) if opened else None


def _as_message(turns: _Turns) -> tuple[str, str]:
    """What stands around a system text that is a person's first message, for models that know no
    other."""
    settled = f"{turns.user_close}{_SETTLED}{turns.answer_close}"
    return f"{turns.begin}{turns.user_open}", settled


def _question(rendered: Rendered, turns: _Turns, bos: str) -> tuple[str, str]:
    """What stands around a system text behind the person's message; nothing where the template has
    no place for one there."""
    _, found, rest = _tidied(rendered.text, bos).partition(_ASKED)
    opened, asked, closed = rest.partition(_SYSTEM)
    # A role that a template does not know is often written as if the model had said it.
    as_answer = turns.user_close.strip().endswith(opened.strip())
    if rendered.problem or not (found and asked) or as_answer or not opened:
        return "", ""
    return opened, closed


def _without_thought(text: str, markers: ThinkingMarkers) -> str:
    """What opens a reply that has to come at once: a thought that was begun is over, and where a
    reply names the channel it is written to, that is the one for the person."""
    if text.rstrip().endswith(markers.open):
        return f"{text.rstrip()}\n\n{markers.close}{markers.after}"
    final = next(iter(markers.skipped), "")
    return text if text.endswith(final) else text + final


def _markers(chat_template: str) -> ThinkingMarkers:
    return thinking_markers(chat_template) or _USUAL


def _tidied(text: str, bos: str) -> str:
    """Without blanks before the token that begins a text, and without the lines that hold today's
    date, which will be another."""
    lines = (line for line in text.splitlines(keepends=True) if not _is_date(line))
    undated = "".join(lines).replace(DATE, "")
    return undated.lstrip() if bos and undated.lstrip().startswith(bos) else undated


def _is_date(line: str) -> bool:
    marks = (_ASKED, _ANSWERED, _ASKED_AGAIN, _SYSTEM)
    return DATE in line and not any(mark in line for mark in marks)


def _common_begin(one: str, other: str) -> str:
    return _common_end(one[::-1], other[::-1])[::-1]


def _common_end(one: str, other: str) -> str:
    same = 0
    while same < min(len(one), len(other)) and one[-1 - same] == other[-1 - same]:
        same += 1
    return one[len(one) - same :]
