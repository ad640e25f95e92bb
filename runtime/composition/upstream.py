"""The language model of a composed bundle that a server has: what is asked of the server once, and
the marks between which its conversations stand.

Knows the server's list of models; asks nothing of the models themselves.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.manifest import LanguageModelSpec, Licence, ToolsSpec, UpstreamSpec
from runtime.composition.chat_template import ChatPieces, system_template
from runtime.composition.recipe import recipe
from runtime.composition.talker import MOST_CONTEXT, UNKNOWN, Talker, share_of_answer
from runtime.upstream import marks
from runtime.upstream.connection import Connection
from runtime.upstream.places import Place, named, note

_SHOWN = 12
_CONTEXTS = ("max_model_len", "context_length", "max_context_length", "n_ctx")
"""What servers call the positions that a model reads at once."""
_TOOLS = ToolsSpec(
    system_open=marks.SYSTEM,
    system_close=marks.END,
    list_open=marks.TOOLS,
    list_close=marks.TOOLS_END,
    call_open=f"{marks.CALL}{{id}}{marks.CALL_NAME}",
    call_middle=marks.CALL_ARGUMENTS,
    call_close=marks.CALL_END,
    results_open=marks.RESULTS,
    result_open=f"{marks.RESULT}{{id}}{marks.RESULT_TEXT}",
    result_close=marks.RESULT_END,
    results_close=marks.RESULTS_END,
)
PIECES = ChatPieces(
    begin="",
    add_bos=False,
    system_open=marks.SYSTEM,
    system_close=marks.END,
    user_open=marks.USER,
    user_close=marks.END,
    answer_close=marks.END,
    ended=True,
    stop=(),
    question_open="\n\n",
    question_close=marks.END + marks.ANSWER,
    answer_open=marks.ANSWER,
    tools=_TOOLS,
)
"""A conversation between marks. A question stands at the end of the person's message: not every
model takes a system text behind it."""


def upstream_talker(url: str, model: str, key_file: Path | None) -> Talker:
    """A server's model as the language model of a bundle. The person named the server, which is
    noted.

    Args:
        url: of the server, up to where `/chat/completions` follows.
        model: the server's name for it; empty where it has one alone.
        key_file: holds the key that the server asks for.

    Raises:
        KnownError: the server cannot be reached or refuses, or it has no such model.
    """
    place, key = named(url, key_file)
    with closing(Connection(place, key)) as connection:
        about = _named(connection.models(), model, place)
    note(url, key_file)
    n_ctx = _context(about)
    name = str(about["id"])
    words = recipe()
    return Talker(
        title=f"{name} at {place.shown}",
        spec=LanguageModelSpec(
            n_ctx=n_ctx,
            max_new_tokens=share_of_answer(n_ctx),
            upstream=UpstreamSpec(place.url, name),
        ),
        template=system_template(PIECES, words.upstream_system, "", words.upstream_tools_system),
        pieces=PIECES,
        licence=Licence("language model", UNKNOWN, place.url),
        files={},
        warnings=() if place.here else (elsewhere(place),),
    )


def elsewhere(place: Place) -> Problem:
    """What a person should know of a server on another computer."""
    return phrase(
        "Its answers are made on another computer: what you write, what is read in your files and "
        "what tools give is sent to {host}.",
        host=place.shown,
    )


def _named(listed: list[dict[str, Any]], model: str, place: Place) -> dict[str, Any]:
    """The model of a name among those that a server has."""
    if not model and len(listed) == 1:
        return listed[0]
    for one in listed:
        if one["id"] == model:
            return one
    known = ", ".join(str(one["id"])[:80] for one in listed[:_SHOWN]) or "none"
    raise KnownError(
        "upstream {host}: expected a model that it has, found {model}; it has {known}. Name one "
        "with --upstream-model.",
        "request",
        host=place.shown,
        model=repr(model[:80]),
        known=known,
    )


def _context(about: dict[str, Any]) -> int:
    """Positions of the model's context as the server tells, at most as many as of a file's."""
    meta = about.get("meta")
    told = [about, meta if isinstance(meta, dict) else {}]
    counts = (one.get(key) for one in told for key in _CONTEXTS)
    return min([MOST_CONTEXT, *(one for one in counts if isinstance(one, int) and one > 0)])
