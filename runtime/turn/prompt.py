"""The chunks of a prompt for a conversation, by the bundle's template, fitted to the context.

Knows messages, template and signal ids; knows no llama.cpp and computes no embeddings. What a
person wrote is never parsed for control tokens, so no text can forge a turn or a signal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugins.errors import BugError, KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.chunks import Chunk, TokenChunk, in_common, positions_of
from runtime.language_model.text.joint_tokens import JointTokenizer, Piece, Tokenizer
from runtime.language_model.text.segments import Stripping, stripped
from runtime.language_model.text.thinking import ThinkingMarkers
from runtime.messages import MediaPart, Message, ToolSpec
from runtime.turn.message_pieces import Element, MessagePieces

_DROP_STEP = 4
"""One part in this many of the context is freed at a time when turns must be dropped."""


@dataclass(frozen=True, eq=False)
class FittedPrompt:
    """A prompt that leaves room for its answer."""

    chunks: tuple[Chunk, ...]
    """The last one closes the last message: prompts that end otherwise share what is before it."""
    positions: int
    dropped_messages: int
    """Oldest messages that no longer fitted."""


@dataclass(frozen=True, eq=False)
class _Written:
    """A turn, or what stands before the first, with its texts cut into tokens."""

    elements: list[Element]
    goes_on: bool
    """Whether it begins within a text."""
    chunks: list[TokenChunk | MediaPart]


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
        tools: Sequence[ToolSpec] = (),
        thinking: ThinkingMarkers | None = None,
        briefing: str = "",
    ) -> None:
        """`media` gives the chunks of a medium, the same ones each time it is asked;
        `signals` the signal tokens by modality; `positions` how long they are, so that
        media of turns that no longer fit need not be looked at; `tags` what stands around a
        caption, by modality; `system` a person's own words, in place of the template's; `tools`,
        `thinking` and `briefing` as `MessagePieces` has them.

        Raises:
            KnownError: the template has no place for a person's own system text, or asks for a
                token that begins a text where the model has none.
        """
        self._template = template
        self._tools = bool(tools)
        self._pieces = MessagePieces(
            template, signals, tags or {}, system or "", tools, thinking, briefing
        )
        self._segments = template.cut == "segments"
        self._joint = JointTokenizer(Stripping(tokenizer) if self._segments else tokenizer)
        later = template.user_open_later
        self._opening = 0 if later is None else len(tokenizer.tokenize(template.user_open))
        self._media = media
        self._longest_run = max(map(len, signals.values()), default=0)
        self._positions = positions or (lambda part: positions_of(media(part)))
        self._begin = _begin(template, tokenizer)

    def build(self, messages: Sequence[Message]) -> tuple[Chunk, ...]:
        """The whole conversation; the model's answer would come next."""
        *before, last = _turns(messages)
        body, end = self._last(last, None, first=not before)
        return self._chunks(self._written([*self._before(before), [*body, *end]]))

    def fit(
        self,
        messages: Sequence[Message],
        n_ctx: int,
        max_new_tokens: int,
        closing: str | None = None,
        *,
        whole: bool = False,
    ) -> FittedPrompt:
        """The conversation with room for `max_new_tokens` and one signal run after it; `closing`
        takes the place of what closes the last message in the template.

        With `whole` it is all there, and room for a single token suffices. Otherwise the oldest
        whole turns leave, a quarter of the context at a time: so the beginning of the
        prompt, which the KV cache can reuse, stays the same for several turns.

        Raises:
            KnownError: the last turn alone, or all of `whole`, is too long; the text holds both
                numbers.
        """
        turns = _turns(messages)
        last_body, end = self._last(turns[-1], closing, first=len(turns) == 1)
        units = [*self._before(turns[:-1]), [*last_body, *end]]
        written = self._written(units)
        opening, *lengths = map(self._length, written)
        if whole:
            _check_whole(opening + sum(lengths), n_ctx, n_ctx - 1 - self._longest_run)
            max_new_tokens = 1
        room = n_ctx - max_new_tokens - self._longest_run - opening
        if len(turns) > 1:
            room -= self._opening  # A later turn that comes to be the first gets another.
        if room <= 0 and self._tools:
            raise KnownError(
                "tools: expected at most {room} tokens (words or parts of words) of tools and "
                "system text, found {opening}. Switch some of the tools off.",
                "context",
                room=max(room + opening, 0),
                opening=opening,
            )
        if lengths[-1] > room:
            raise KnownError(
                "expected a message of at most {room} tokens (words or parts of words; the model "
                "reads {n_ctx} at once, {max_new_tokens} of them are kept for the answer), found "
                "{lengths}. Shorten it, give fewer or shorter files, or ask for a shorter answer.",
                "context",
                room=max(room, 0),
                n_ctx=n_ctx,
                max_new_tokens=max_new_tokens + self._longest_run,
                lengths=lengths[-1],
            )
        first = _first_kept(lengths, room, n_ctx // _DROP_STEP)
        if first:
            kept_body, _ = self._last(turns[-1], closing, first=first == len(turns) - 1)
            kept = [*self._before(turns[first:-1]), [*kept_body, *end]]
            written = self._written(kept)
        last = written[-1]
        body = self._cut(last.elements[: -len(end)], last.goes_on)
        chunks = _closed(self._chunks(written), last.chunks[-1], body.chunks[-1])
        dropped = sum(len(turn) for turn in turns[:first])
        return FittedPrompt(chunks, positions_of(chunks), dropped)

    def answer_tokens(self, answer: Message) -> tuple[int, ...]:
        """Tokens of an answer of words and captions that is not closed yet, behind a prompt."""
        pieces = [piece for piece in self._pieces.closing() if isinstance(piece, tuple)]
        goes_on = self._joint.ends_in_text(pieces)
        chunks = self._cut(self._pieces.answer(answer), goes_on).chunks
        return tuple(i for chunk in chunks if isinstance(chunk, TokenChunk) for i in chunk.ids)

    def _before(self, turns: Sequence[Sequence[Message]]) -> list[list[Element]]:
        """The turns of a conversation up to its last."""
        return [self._turn(turn, first=number == 0) for number, turn in enumerate(turns)]

    def _turn(self, turn: Sequence[Message], *, first: bool) -> list[Element]:
        return [piece for one in turn for piece in self._pieces.message(one, first=first)]

    def _last(
        self, turn: Sequence[Message], closing: str | None, *, first: bool
    ) -> tuple[list[Element], list[Element]]:
        """The last turn, which nothing closes yet, and what does."""
        pieces, template = self._pieces, self._template
        if not turn[-1].goes_on:
            question = [*pieces.question(turn[-1], first=first), *pieces.reminder()]
            end: list[Element] = pieces.closing() if closing is None else [(closing, True)]
            return [*self._turn(turn[:-1], first=first), *question], end
        opened = template.answer_open if closing is None else closing
        opened = opened.removeprefix(template.user_close)
        question = pieces.question(turn[-2], first=first)
        asked = [*question, *pieces.reminder(), (template.user_close, True)]
        body, end = pieces.going_on(turn[-1], opened)
        return [*self._turn(turn[:-2], first=first), *asked, *body], end

    def _written(self, units: Sequence[Sequence[Element]]) -> list[_Written]:
        """What stands before the conversation, and its turns, one behind the other."""
        written: list[_Written] = []
        goes_on, blanks = False, ""
        for unit in [[*self._begin, *self._pieces.opening()], *units[:-1]]:
            elements, following = _without_last_blanks([(blanks, True), *unit])
            written.append(self._cut(elements, goes_on))
            goes_on, blanks = self._ends_in_text(elements, goes_on), following
        return [*written, self._cut([(blanks, True), *units[-1]], goes_on)]

    def _cut(self, elements: list[Element], goes_on: bool) -> _Written:
        """The texts between media and signals as tokens, those that stand together as one."""
        chunks: list[TokenChunk | MediaPart] = []
        run: list[Piece] = []
        within = goes_on
        for element in stripped(elements) if self._segments else elements:
            if isinstance(element, tuple):
                run.append(element)
                continue
            chunks += [TokenChunk(tuple(self._joint.ids(run, goes_on=within))), element]
            run, within = [], False
        chunks.append(TokenChunk(tuple(self._joint.ids(run, goes_on=within))))
        return _Written(elements, goes_on, chunks)

    def _ends_in_text(self, elements: Sequence[Element], goes_on: bool) -> bool:
        run: list[Piece] = []
        for element in reversed(elements):
            if not isinstance(element, tuple):
                return self._joint.ends_in_text(run)
            run.insert(0, element)
        return self._joint.ends_in_text(run, goes_on=goes_on)

    def _length(self, written: _Written) -> int:
        """Positions of a turn, without looking at its media."""
        return sum(
            self._positions(chunk) if isinstance(chunk, MediaPart) else chunk.positions
            for chunk in written.chunks
        )

    def _chunks(self, written: Sequence[_Written]) -> tuple[Chunk, ...]:
        return _merged(
            piece
            for unit in written
            for chunk in unit.chunks
            for piece in (self._media(chunk) if isinstance(chunk, MediaPart) else (chunk,))
        )


def _check_whole(positions: int, n_ctx: int, most: int) -> None:
    if positions > most:
        raise KnownError(
            "the conversation: expected at most {most} tokens, media among them (the context has "
            "{n_ctx}), found {positions}. Shorten it, or begin a new one.",
            "context",
            most=most,
            n_ctx=n_ctx,
            positions=positions,
        )


def _turns(messages: Sequence[Message]) -> list[list[Message]]:
    """Messages grouped so that each group begins with a person's message."""
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(message)
    last = turns[-1] if turns else []
    asked = last[-2:-1] if last and last[-1].goes_on else last[-1:]
    if not asked or asked[0].role != "user":
        raise BugError("a prompt ends with a person's message, or an answer to it that goes on")
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


def _begin(template: TemplateSpec, tokenizer: Tokenizer) -> list[TokenChunk]:
    """The token that begins a text, where the template wants it."""
    if not template.add_bos:
        return []
    if tokenizer.bos is None:
        raise KnownError(
            "expected a language model with a token that begins a text (the template has "
            "add_bos), found one without: set add_bos to false in the manifest"
        )
    return [TokenChunk((tokenizer.bos,))]


def _without_last_blanks(elements: Sequence[Element]) -> tuple[list[Element], str]:
    """The elements, and the blanks that their text ends with: tokens begin with a blank, so these
    belong to what follows."""
    kept, blanks = list(elements), ""
    while kept and isinstance(last := kept[-1], tuple):
        text = last[0].rstrip(" ")
        blanks = last[0][len(text) :] + blanks
        if text:
            kept[-1] = (text, last[1])
            break
        kept.pop()
    return kept, blanks


def _merged(chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Neighbouring token chunks as one, empty ones left out."""
    merged: list[Chunk] = []
    ids: list[int] = []
    for chunk in chunks:
        if isinstance(chunk, TokenChunk):
            ids += chunk.ids
            continue
        if ids:
            merged.append(TokenChunk(tuple(ids)))
        merged.append(chunk)
        ids = []
    return (*merged, TokenChunk(tuple(ids))) if ids else tuple(merged)


def _closed(
    chunks: tuple[Chunk, ...], whole: TokenChunk | MediaPart, body: TokenChunk | MediaPart
) -> tuple[Chunk, ...]:
    """The prompt with what closes it as a chunk of its own.

    Args:
        chunks: of the prompt.
        whole: the tokens behind its last medium or signal.
        body: the same without what closes it.
    """
    *before, last = chunks
    if not isinstance(whole, TokenChunk) or not isinstance(body, TokenChunk):
        return chunks
    closing = whole.positions - in_common(whole.ids, body.ids)
    if not isinstance(last, TokenChunk) or not 0 < closing < last.positions:
        return chunks
    return (*before, TokenChunk(last.ids[:-closing]), TokenChunk(last.ids[-closing:]))
