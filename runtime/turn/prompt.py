"""The chunks of a prompt for a conversation, by the bundle's template, fitted to the context.

Knows messages, template and signal ids; knows no llama.cpp and computes no embeddings. What a
person wrote is never parsed for control tokens, so no text can forge a turn or a signal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from plugins.errors import BugError, KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import Chunk, TokenChunk, positions_of
from runtime.messages import MediaPart, Message, Part, SignalPart, TextPart

_DROP_STEP = 4
"""One part in this many of the context is freed at a time when turns must be dropped."""


class Tokenizer(Protocol):
    """The methods of `LanguageModel` that a prompt needs."""

    @property
    def bos(self) -> int | None:
        """The token that begins a text, if there is one."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""


@dataclass(frozen=True, eq=False)
class FittedPrompt:
    """A prompt that leaves room for its answer."""

    chunks: tuple[Chunk, ...]
    positions: int
    dropped_messages: int
    """Oldest messages that no longer fitted."""


class PromptBuilder:
    """Builds prompts for one bundle."""

    def __init__(
        self,
        template: TemplateSpec,
        tokenizer: Tokenizer,
        media: Callable[[MediaPart], Sequence[Chunk]],
        signals: Mapping[str, Sequence[int]],
        positions: Callable[[MediaPart], int] | None = None,
        *,
        tags: Mapping[str, tuple[str, str]] | None = None,
        system: str | None = None,
    ) -> None:
        """`media` gives the chunks of a medium, the same ones each time it is asked;
        `signals` the signal tokens by modality; `positions` how long they are, so that
        media of turns that no longer fit need not be looked at; `tags` what stands around a
        caption, by modality; `system` a person's own words, in place of the template's.

        Raises:
            KnownError: the template has no place for a person's own system text.
        """
        self._template = template
        self._tags = tags or {}
        self._system = system or ""
        if self._system and not template.system_open:
            raise KnownError(
                "system text: expected a bundle that takes one, found one whose template has no "
                "place for it. Clear the system text, or choose another bundle."
            )
        self._tokenizer = tokenizer
        self._media = media
        self._signals = signals
        self._positions = positions or (lambda part: positions_of(media(part)))
        self._ids: dict[tuple[str, bool], TokenChunk] = {}

    def build(self, messages: Sequence[Message]) -> tuple[Chunk, ...]:
        """The whole conversation; the model's answer would come next."""
        return _merged([self._opening(), *(self._turn(turn) for turn in _turns(messages))])

    def fit(
        self,
        messages: Sequence[Message],
        n_ctx: int,
        max_new_tokens: int,
        closing: str | None = None,
    ) -> FittedPrompt:
        """The conversation with room for `max_new_tokens` and one signal run after it; `closing`
        takes the place of what closes the last message in the template.

        Oldest whole turns leave, a quarter of the context at a time: so the beginning of the
        prompt, which the KV cache can reuse, stays the same for several turns.

        Raises:
            KnownError: the last turn alone is too long; the text holds both numbers.
        """
        turns = _turns(messages)
        opening = self._opening()
        lengths = [self._length(turn) for turn in turns]
        longest_run = max(map(len, self._signals.values()), default=0)
        reminder = self._reminder()
        room = n_ctx - max_new_tokens - longest_run - positions_of([*opening, reminder])
        if lengths[-1] > room:
            raise KnownError(
                "expected a message of at most {room} positions (context {n_ctx}, "
                "{max_new_tokens} of them kept for the answer), found {lengths}: shorten it "
                "or give fewer media",
                "context",
                room=max(room, 0),
                n_ctx=n_ctx,
                max_new_tokens=max_new_tokens + longest_run,
                lengths=lengths[-1],
            )
        first = _first_kept(lengths, room, n_ctx // _DROP_STEP)
        kept = [opening, *map(self._turn, turns[first:])]
        usual = self._tokens(self._template.user_close, special=True)
        end = usual if closing is None else self._tokens(closing, special=True)
        body = kept[-1][:-1] if kept[-1][-1] is usual else kept[-1]
        kept[-1] = [*body, reminder, end]
        chunks = _merged(kept)
        dropped = sum(len(turn) for turn in turns[:first])
        return FittedPrompt(chunks, positions_of(chunks), dropped)

    def _reminder(self) -> TokenChunk:
        """A person's own system text once more, behind the last message."""
        if not self._system or not self._template.system_reminder:
            return TokenChunk(())
        text = self._template.system_reminder.replace("{system}", self._system)
        return self._tokens(text, special=False)

    def answer_tokens(self, answer: Message) -> tuple[int, ...]:
        """Tokens of an answer of words and captions that is not closed yet."""
        pieces = [piece for part in answer.parts for piece in self._part(part)]
        return tuple(
            token for piece in pieces if isinstance(piece, TokenChunk) for token in piece.ids
        )

    def _opening(self) -> list[Chunk]:
        bos: list[Chunk] = []
        if self._template.add_bos:
            if self._tokenizer.bos is None:
                raise KnownError(
                    "expected a language model with a token that begins a text (the template has "
                    "add_bos), found one without: set add_bos to false in the manifest"
                )
            bos = [TokenChunk((self._tokenizer.bos,))]
        template = self._template
        if not template.system_open:
            return [*bos, self._tokens(template.system, special=True)]
        if self._system:
            system = self._tokens(self._system, special=False)
        else:
            system = self._tokens(template.system, special=True)
        opened, closed = template.system_open, template.system_close
        return [
            *bos,
            self._tokens(opened, special=True),
            system,
            self._tokens(closed, special=True),
        ]

    def _turn(self, turn: Sequence[Message]) -> list[Chunk]:
        return [
            chunk
            for piece in self._pieces(turn)
            for chunk in (self._media(piece) if isinstance(piece, MediaPart) else (piece,))
        ]

    def _length(self, turn: Sequence[Message]) -> int:
        """Positions of a turn, without looking at its media."""
        return sum(
            self._positions(piece) if isinstance(piece, MediaPart) else piece.positions
            for piece in self._pieces(turn)
        )

    def _pieces(self, turn: Sequence[Message]) -> list[TokenChunk | MediaPart]:
        return [piece for message in turn for piece in self._message(message)]

    def _message(self, message: Message) -> list[TokenChunk | MediaPart]:
        template = self._template
        if message.role == "assistant":
            answer = [piece for part in message.parts for piece in self._part(part)]
            return answer + self._piece(template.answer_close)
        media = [part for part in message.parts if isinstance(part, MediaPart)]
        others = [part for part in message.parts if not isinstance(part, MediaPart)]
        body = [piece for part in [*media, *others] for piece in self._part(part)]
        return self._piece(template.user_open) + body + self._piece(template.user_close)

    def _part(self, part: Part) -> list[TokenChunk | MediaPart]:
        if isinstance(part, TextPart):
            return [self._tokens(part.text, special=False)]
        if isinstance(part, SignalPart):
            if part.caption and part.modality in self._tags:
                opened, closed = self._tags[part.modality]
                caption = self._tokens(part.caption, special=False)
                return [*self._piece(opened), caption, *self._piece(closed)]
            return [TokenChunk(tuple(self._signals.get(part.modality, ())))]
        opened, closed = self._template.media_open, self._template.media_close
        return [*self._piece(opened), part, *self._piece(closed)]

    def _piece(self, text: str) -> list[TokenChunk | MediaPart]:
        """A piece of the template; control tokens are parsed in these only."""
        return [self._tokens(text, special=True)]

    def _tokens(self, text: str, *, special: bool) -> TokenChunk:
        """The tokens of a text, made once."""
        found = self._ids.get((text, special))
        if found is None:
            found = TokenChunk(tuple(self._tokenizer.tokenize(text, parse_special=special)))
            self._ids[text, special] = found
        return found


class Prompting:
    """The prompts of one turn: the conversation, closed by the template or by a question."""

    def __init__(
        self,
        builder: PromptBuilder,
        messages: Sequence[Message],
        n_ctx: int,
        max_new_tokens: int,
    ) -> None:
        self._builder = builder
        self._messages = messages
        self._n_ctx = n_ctx
        self._max_new_tokens = max_new_tokens
        self._usual: FittedPrompt | None = None

    def prompt(self, closing: str | None = None) -> FittedPrompt:
        """See `PromptBuilder.fit`.

        Raises:
            KnownError: the last turn alone is too long.
        """
        if closing is not None:
            return self._fit(closing)
        if self._usual is None:
            self._usual = self._fit(None)
        return self._usual

    def tokens_of(self, answer: Message) -> tuple[int, ...]:
        """The tokens in the conversation for an answer that has begun and contains no
        embeddings."""
        return self._builder.answer_tokens(answer)

    def _fit(self, closing: str | None) -> FittedPrompt:
        return self._builder.fit(self._messages, self._n_ctx, self._max_new_tokens, closing)


def _turns(messages: Sequence[Message]) -> list[list[Message]]:
    """Messages grouped so that each group begins with a person's message."""
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(message)
    if not turns or turns[-1][-1].role != "user":
        raise BugError("a prompt ends with a person's message")
    return turns


def _first_kept(lengths: Sequence[int], room: int, step: int) -> int:
    """Index of the oldest turn that stays; the last one always does."""
    excess = sum(lengths) - room
    if excess <= 0:
        return 0
    target = -(-excess // step) * step
    dropped = 0
    for index, length in enumerate(lengths[:-1]):
        if dropped >= target:
            return index
        dropped += length
    return len(lengths) - 1


def _merged(parts: Sequence[Sequence[Chunk]]) -> tuple[Chunk, ...]:
    """Neighbouring token chunks as one, empty ones left out."""
    merged: list[Chunk] = []
    for chunk in (chunk for part in parts for chunk in part):
        if not chunk.positions:
            continue
        last = merged[-1] if merged else None
        if isinstance(chunk, TokenChunk) and isinstance(last, TokenChunk):
            merged[-1] = TokenChunk(last.ids + chunk.ids)
        else:
            merged.append(chunk)
    return tuple(merged)
