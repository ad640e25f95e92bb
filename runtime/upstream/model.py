"""A language model behind a server, with what the turn asks of one: `TalkingModel`.

A prompt is kept as tokens until an answer is wanted; then its messages are sent. Knows the manifest
and the API; knows no template and no renderer.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.bundle.manifest import LanguageModelSpec
from runtime.calls.grammar import ID_LENGTH
from runtime.language_model.chunks import Chunk, TokenChunk
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    CallBegan,
    CallEnded,
    CallOptions,
    Finished,
    PromptUsage,
    TextPiece,
    ThinkingEnded,
    ThinkingPiece,
)
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.language_model.text.thinking import Thinking, ThinkingMarkers
from runtime.upstream import marks
from runtime.upstream.connection import Connection, Refused
from runtime.upstream.conversation import conversation
from runtime.upstream.places import checked
from runtime.upstream.vocabulary import Vocabulary

Json = dict[str, Any]
Float32 = NDArray[np.float32]
_MOST_STOPS = 4
"""OpenAI's own limit; of more the first are sent."""
_TOP = 20
_LETTER_TOKENS = 512
"""For a model that thinks before it names a letter."""
_MOST_LIKELY, _LEAST_LIKELY = 0.0, -30.0
"""Logits of a letter that was named, and of one that was not."""
_REST = (
    "(That is being made. Answer in words whatever else I asked for; if I asked for nothing else, "
    "reply with OK alone.)"
)
"""Asks for the words of an answer that has begun: no server goes on with what another wrote."""
_SHORT = 8
"""Characters up to which a rest may say that there is none."""
_NO_REST = re.compile(r"\W*ok(ay)?\W*", re.IGNORECASE)


def _never() -> bool:
    return False


class UpstreamModel:
    """The model of one server, asked for one conversation at a time. One thread at a time."""

    thinking: ThinkingMarkers | None = None
    """Its own marks stay with the server, which tells of thoughts beside the words."""
    bos: int | None = None

    def __init__(self, spec: LanguageModelSpec) -> None:
        """Connects with the first question.

        Raises:
            KnownError: its server may not be asked, or the file of its key cannot be read.
        """
        if spec.upstream is None:
            raise BugError("the language model is in a file, not at a server")
        place, key = checked(spec.upstream.url)
        self._connection = Connection(place, key)
        self._model = spec.upstream.model
        self._vocabulary = Vocabulary()
        self._prompt: tuple[int, ...] = ()
        self._tells_logprobs = True
        self.n_ctx = spec.n_ctx
        self.used = 0
        """Positions that the last conversation took, as the server counts."""

    def close(self) -> None:
        """Hang up; safe to call twice."""
        self._connection.close()

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""
        return self._vocabulary.tokenize(text, parse_special=parse_special)

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """A piece of a template cut at its marks."""
        return self._vocabulary.control_tokens_in(text)

    def control_text(self, token: int) -> bytes:
        """The name of a mark."""
        return self._vocabulary.control_text(token)

    def thinking_of(self, markers: ThinkingMarkers, *, begun: bool, most_tokens: int) -> Thinking:
        """Nobody asks: it has no marks of thinking."""
        raise BugError("an upstream model has no marks of thinking")

    def prefill(
        self,
        prompt: Sequence[Chunk],
        cancelled: Callable[[], bool] | None = None,
        *,
        fresh: int = 1,
    ) -> PromptUsage:
        """Keep the prompt for the next answer; nothing is sent yet.

        Returns:
            How long it is by this side's count; the end of the answer tells the server's.
        """
        ids: list[int] = []
        for chunk in prompt:
            if not isinstance(chunk, TokenChunk):
                raise BugError("an upstream model takes no embeddings")
            ids += chunk.ids
        self._prompt = tuple(ids)
        self.used = len(ids)
        return PromptUsage(len(ids), 0)

    def put(self, ids: Sequence[int]) -> None:
        """Append what an answer begins with."""
        self._prompt += tuple(ids)

    def generate(
        self, options: AnswerOptions, cancelled: Callable[[], bool] = _never
    ) -> Generator[AnswerEvent, None, None]:
        """Have the prompt answered; the last event is `Finished`. It may be left (closed) at any
        event.

        Raises:
            KnownError: the server cannot be reached, refuses, or hangs up within the answer.
        """
        body = self._body(options)
        answer = _Answer(options.calls, rest=_begun(body["messages"]))
        if answer.rest:
            body["messages"].append({"role": "user", "content": _REST})
        try:
            with contextlib.closing(self._connection.streamed(body, cancelled)) as chunks:
                for chunk in chunks:
                    yield from answer.take(chunk)
        except Cancelled:
            yield answer.stopped()
            return
        yield from answer.end()
        finished = answer.finished()
        if finished.prompt is not None:
            self.used = finished.prompt.prompt_tokens + finished.new_tokens
        yield finished

    def logits(self) -> Float32:
        """[size of the vocabulary] log-likelihoods of what the answer begins with, where it is one
        letter; low for all others.

        Raises:
            KnownError: the server cannot be reached or refuses.
        """
        found = self._by_logprobs() if self._tells_logprobs else None
        if found is None:
            self._tells_logprobs = False
            found = self._by_question()
        logits = np.full(self._vocabulary.size, _LEAST_LIKELY, np.float32)
        for letter, logprob in found.items():
            (token,) = self._vocabulary.tokenize(letter)
            if token < len(logits):
                logits[token] = max(logits[token], logprob)
        return logits

    def _by_logprobs(self) -> dict[str, float] | None:
        """What a server that tells likelihoods gives for each letter; None from one that does
        not."""
        asked = {**self._head(), "max_tokens": 1, "temperature": 0, "logprobs": True}
        try:
            told = self._connection.asked({**asked, "top_logprobs": _TOP})
        except Refused as error:
            if error.status in (401, 403, 404) or error.problem.kind == "context":
                raise
            return None
        with contextlib.suppress(KeyError, IndexError, TypeError):
            tops = told["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
            letters = {one["token"].strip(): float(one["logprob"]) for one in tops}
            return {one: value for one, value in letters.items() if len(one) == 1} or None
        return None

    def _by_question(self) -> dict[str, float]:
        """The one letter that the model names when it has to answer in JSON."""
        letters = {"type": "string", "enum": ["A", "B", "C", "D"]}
        schema = {
            "type": "object",
            "properties": {"reply": letters},
            "required": ["reply"],
            "additionalProperties": False,
        }
        asked = {**self._head(), "max_tokens": _LETTER_TOKENS, "temperature": 0}
        told = self._connection.asked({**asked, "response_format": _format(schema)})
        with contextlib.suppress(KeyError, IndexError, TypeError, ValueError):
            letter = str(json.loads(told["choices"][0]["message"]["content"])["reply"])
            if letter in letters["enum"]:
                return {letter: _MOST_LIKELY}
        return {"A": _MOST_LIKELY}

    def _head(self) -> Json:
        found = conversation(self._vocabulary.parts(self._prompt))
        head: Json = {"model": self._model, "messages": found.messages}
        return head

    def _body(self, options: AnswerOptions) -> Json:
        found = conversation(self._vocabulary.parts(self._prompt))
        body: Json = {
            "model": self._model,
            "messages": found.messages,
            "max_tokens": options.max_new_tokens,
            "temperature": options.temperature,
            "top_p": options.top_p,
            "seed": options.seed,
        }
        if options.stop:
            body["stop"] = list(options.stop[:_MOST_STOPS])
        if options.json_schema:
            body["response_format"] = _format(json.loads(options.json_schema))
        if found.tools:
            body |= {"tools": found.tools, "tool_choice": _choice(options.calls)}
            if options.calls is not None:
                body["parallel_tool_calls"] = options.calls.several
        return body


class _Answer:
    """The events of one answer, from the chunks of its stream."""

    def __init__(self, calls: CallOptions | None, *, rest: bool) -> None:
        self._options = calls
        self.rest = rest
        """Whether only the rest of an answer is asked for, of which there may be none."""
        self._held = ""
        self._calls: dict[int, Json] = {}
        self._thinks = False
        self._pieces = 0
        self._reason: str | None = None
        self._usage: Json | None = None

    def take(self, chunk: Json) -> Iterator[AnswerEvent]:
        """What a chunk adds."""
        if isinstance(usage := chunk.get("usage"), dict):
            self._usage = usage
        for choice in chunk.get("choices") or ():
            self._reason = choice.get("finish_reason") or self._reason
            delta = choice.get("delta") or {}
            thought = delta.get("reasoning_content") or delta.get("reasoning")
            if thought:
                self._thinks = True
                self._pieces += 1
                yield ThinkingPiece(str(thought))
            if words := delta.get("content"):
                yield from self._end_thinking(cut=False)
                self._pieces += 1
                yield from self._words(str(words))
            for call in delta.get("tool_calls") or ():
                yield from self._end_thinking(cut=False)
                yield from self._call(call)

    def end(self) -> Iterator[AnswerEvent]:
        """The calls, now that they are whole."""
        yield from self._end_thinking(cut=True)
        if self._held and not _NO_REST.fullmatch(self._held):
            yield TextPiece(self._held)
        if self._options is None:
            return
        for number, call in enumerate(self._calls.values()):
            if number:
                yield CallBegan()
            yield CallEnded(self._options.sign, _written(call))

    def finished(self) -> Finished:
        """Why it ended, and how many tokens there were."""
        reason: Literal["end", "length", "calls"] = "end"
        if self._calls and self._options is not None:
            reason = "calls"
        elif self._reason == "length":
            reason = "length"
        usage = self._usage or {}
        prompt = _count(usage.get("prompt_tokens"))
        reused = _count((usage.get("prompt_tokens_details") or {}).get("cached_tokens"))
        new = usage.get("completion_tokens")
        return Finished(
            reason,
            self._pieces if new is None else _count(new),
            PromptUsage(prompt, min(reused, prompt)) if prompt else None,
        )

    def stopped(self) -> Finished:
        """The end of an answer that nobody waits for; of calls nothing is told."""
        return Finished("stopped", self._pieces)

    def _call(self, delta: Json) -> Iterator[AnswerEvent]:
        number = int(delta.get("index") or 0)
        if number not in self._calls:
            self._calls[number] = {"name": "", "arguments": ""}
            if len(self._calls) == 1 and self._options is not None:
                yield CallBegan()
        function = delta.get("function") or {}
        self._calls[number]["name"] += function.get("name") or ""
        self._calls[number]["arguments"] += function.get("arguments") or ""
        self._pieces += 1

    def _words(self, words: str) -> Iterator[AnswerEvent]:
        """Words; those with which a rest begins once they say more than that there is none."""
        if not self.rest:
            yield TextPiece(words)
            return
        self._held += words
        if len(self._held) > _SHORT:
            self.rest, held, self._held = False, self._held, ""
            yield TextPiece(f" {held.lstrip()}")

    def _end_thinking(self, *, cut: bool) -> Iterator[AnswerEvent]:
        if self._thinks:
            self._thinks = False
            yield ThinkingEnded(cut=cut)


def _begun(messages: Sequence[Json]) -> bool:
    """Whether the answer that is asked for has begun already."""
    return bool(messages) and messages[-1]["role"] == "assistant"


def _written(call: Json) -> str:
    """A call as it stands behind its sign in the bundle's own format.

    Raises:
        KnownError: its arguments are no JSON.
    """
    arguments = call["arguments"].strip() or "{}"
    try:
        json.loads(arguments)
    except (ValueError, RecursionError) as error:
        raise KnownError(
            "call of {name}: expected a JSON object as its arguments, found something else. Ask "
            "again, or choose another model.",
            "request",
            name=call["name"][:80],
        ) from error
    return "".join((
        "0" * ID_LENGTH, marks.CALL_NAME, call["name"], marks.CALL_ARGUMENTS, arguments,
        marks.CALL_END,
    ))  # fmt: skip


def _choice(calls: CallOptions | None) -> object:
    """Which of the tools may or must be called."""
    if calls is None:
        return "none"
    if not calls.required:
        return "auto"
    if len(calls.tools) == 1:
        return {"type": "function", "function": {"name": calls.tools[0]}}
    return "required"


def _format(schema: Json) -> Json:
    return {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": schema, "strict": True},
    }


def _count(number: object) -> int:
    return number if isinstance(number, int) and number > 0 else 0
