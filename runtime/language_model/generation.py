"""The generation loop: sample, show, decode; signal runs are forced, the policy is enforced.

Knows tokens, signals and stop strings; knows no prompt and no renderer. Everything it decodes is
recorded in the `KvContext`, so it may be left at any event.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Literal

from runtime.language_model.calling import Calling, Came
from runtime.language_model.kv_cache import KvContext
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    Finished,
    SignalBegan,
    SignalRun,
    TextPiece,
    ThinkingEnded,
    ThinkingPiece,
)
from runtime.language_model.sampler import Sampler
from runtime.language_model.text.fillers import alone
from runtime.language_model.text.signs import SignWatch
from runtime.language_model.text.text_stream import TextStream
from runtime.language_model.text.thinking import Read, Thinking, ThoughtReader

Reason = Literal["end", "length", "stopped", "calls"]


class Answering:
    """One answer in the making."""

    def __init__(
        self,
        session: LlamaSession,
        kv: KvContext,
        options: AnswerOptions,
        *,
        piece: Callable[[int], bytes],
        ends: frozenset[int],
        control: frozenset[int],
    ) -> None:
        """`piece` gives a token's bytes; `ends` end the answer; no other `control` token comes."""
        self._session = session
        self._kv = kv
        self._options = options
        self._piece = piece
        self._ends = ends
        self._signals = options.open_signals()
        self._begins = {ids[0]: modality for modality, ids in self._signals.items()}
        self._never = (control - ends).union(options.banned, *map(alone, options.signals.values()))
        self._stream = TextStream(options.stop)
        self._watch = SignWatch(options.calls.signs) if options.calls else None
        self._runs = 0
        self._new = 0
        self._thought = 0
        self._sampler = self._new_sampler()
        calls = options.calls
        self._calling = (
            None
            if calls is None
            else Calling(session, kv, options, calls, piece=piece, ends=ends, never=self._never)
        )

    def events(self, cancelled: Callable[[], bool]) -> Generator[AnswerEvent, None, None]:
        """The answer from the first token to `Finished`."""
        try:
            thinking = self._options.thinking
            if thinking is None:
                reason = yield from self._answer(cancelled)
            else:
                reason = yield from self._whole(thinking, cancelled)
            modality = self._missing() if reason not in ("stopped", "calls") else None
            if modality is not None:
                made = yield from self._run(modality)
                if not made:
                    reason = "length"
                elif reason == "end":
                    reason = yield from self._until_ending(cancelled)
            yield from self._flush()
            yield Finished(reason, self._new)
        finally:
            self._sampler.close()

    def _whole(
        self, thinking: Thinking, cancelled: Callable[[], bool]
    ) -> Generator[AnswerEvent, None, Reason]:
        """Thinking and answer up to where the answer would end, and why it would."""
        self._sampler.close()
        self._sampler = self._new_sampler(thinking)
        reader = ThoughtReader(thinking.markers, begun=thinking.begun)
        reason = yield from self._think(thinking, reader, cancelled)
        yield from self._told(reader.finish(), cut=True)
        if reason is not None:
            return reason
        self._sampler.close()
        self._sampler = self._new_sampler()
        return (yield from self._answer(cancelled))

    def _think(
        self, thinking: Thinking, reader: ThoughtReader, cancelled: Callable[[], bool]
    ) -> Generator[AnswerEvent, None, Reason | None]:
        """Events up to the first word of the answer; why it ended if none can come."""
        text, left = TextStream(), thinking.most_tokens
        while not cancelled():
            room = self._kv.room
            if room <= 0:
                return "length"
            if reader.inside and (left <= 0 or room <= len(thinking.closing)):
                if room < len(thinking.closing):
                    return "length"
                for token in thinking.closing:
                    self._put_thought(token)
                yield from self._told(reader.feed(thinking.markers.close), cut=True)
                continue
            token = self._sampler.sample()
            if token in self._ends:
                return "end"
            if token in self._begins:
                return None
            piece = thinking.names.get(token) or self._text_of(token)
            read = reader.feed(text.feed(piece))
            if read.words and self._requires_calls:
                yield from self._told(read._replace(words=""))
                return None  # In place of these words calls begin.
            yield from self._told(read)
            if self._watch is not None and self._watch.found is not None:
                return (yield from self._call(self._came(token), cancelled))
            if self._stream.stopped:
                return "end"
            self._put_thought(token, counts=reader.done)
            left -= 1
            if reader.done and not text.mid_character:
                return None
        return "stopped"

    def _put_thought(self, token: int, *, counts: bool = False) -> None:
        """Append a token that does not count against the answer's length, unless it `counts`."""
        self._kv.put(token)
        self._new += 1
        self._thought += not counts

    def _told(self, read: Read, *, cut: bool = False) -> Iterator[AnswerEvent]:
        shown = self._options.text_allowed
        if read.thought and shown:
            yield ThinkingPiece(read.thought)
        if read.ended:
            yield ThinkingEnded(cut)
        words = read.words.encode()
        if words and self._watch is not None:
            words = self._watch.feed(words)
        text = self._stream.feed(words) if words else ""
        if text and shown:
            yield TextPiece(text)

    def _answer(self, cancelled: Callable[[], bool]) -> Generator[AnswerEvent, None, Reason]:
        """Events from where thinking is over up to where the answer would end."""
        calls = self._options.calls
        if calls is None or not calls.required:
            return (yield from self._until_ending(cancelled))
        if self._kv.room <= len(calls.sign_ids):
            return "length"
        for token in calls.sign_ids:
            self._kv.put(token)
            self._new += 1
        return (yield from self._call(None, cancelled))

    def _came(self, token: int) -> Came:
        """The sign that a token completed."""
        assert self._watch is not None and self._watch.found is not None
        return Came(self._watch.found, token, self._watch.behind)

    def _call(
        self, came: Came | None, cancelled: Callable[[], bool]
    ) -> Generator[AnswerEvent, None, Reason]:
        """The calls that an answer ends with, see `Calling.events`."""
        assert self._calling is not None
        try:
            return (yield from self._calling.events(came, self._budget(), cancelled))
        finally:
            self._new += self._calling.new_tokens

    @property
    def _requires_calls(self) -> bool:
        return self._options.calls is not None and self._options.calls.required

    def _text_of(self, token: int) -> bytes:
        """Bytes of a token, of those that calls consist of too."""
        calls = self._options.calls
        return (calls.names.get(token) if calls else None) or self._piece(token)

    def _until_ending(self, cancelled: Callable[[], bool]) -> Generator[AnswerEvent, None, Reason]:
        """Events up to where the answer would end, and why it would."""
        # Between two tokens the processor has forgotten this code: the fewer steps the faster.
        calls, watch = self._options.calls, self._watch
        ends, begins, piece, shown = (
            self._ends,
            self._begins,
            self._text_of if calls and calls.names else self._piece,
            self._options.text_allowed,
        )
        put, feed, sample = self._kv.put, self._stream.feed, self._sampler.sample
        left = self._budget()
        while not cancelled():
            if left <= 0:
                return "length"
            token = sample()
            if token in ends:
                return "end"
            if token in begins:
                if not (yield from self._run(begins[token])):
                    return "length"
                feed, sample, left = self._stream.feed, self._sampler.sample, self._budget()
                continue
            data = piece(token)
            text = feed(data if watch is None else watch.feed(data))
            if text and shown:
                yield TextPiece(text)
            if watch is not None and watch.found is not None:
                return (yield from self._call(self._came(token), cancelled))
            if self._stream.stopped:
                return "end"
            self._new += 1
            left -= 1
            put(token)
        return "stopped"

    def _budget(self) -> int:
        """Tokens that may still come, signal runs aside."""
        return min(self._options.max_new_tokens - self._new + self._thought, self._kv.room)

    def _run(self, modality: str) -> Generator[AnswerEvent, None, bool]:
        """Decode a whole signal run, whatever is left of the budget; False: no room for it."""
        ids = self._signals[modality]
        if self._kv.room < len(ids):
            return False
        yield from self._flush()
        yield SignalBegan(modality)
        hidden = self._kv.put_run(ids)
        self._new += len(ids)
        self._runs += 1
        if self._runs == self._options.max_artifacts:
            self._sampler.close()
            self._sampler = self._new_sampler()
        yield SignalRun(modality, hidden, ids)
        return True

    def _missing(self) -> str | None:
        """The likeliest of the modalities that this answer still owes a signal, if it owes one."""
        if self._runs or self._options.max_artifacts < 1:
            return None
        owed = [m for m in self._options.require if m in self._signals]
        if not owed:
            return None
        logits = self._session.logits()
        return max(owed, key=lambda modality: float(logits[self._signals[modality][0]]))

    def _flush(self) -> Iterator[AnswerEvent]:
        """Text that was held back; the stream begins anew."""
        held = b"" if self._watch is None else self._watch.flush()
        text = "" if self._stream.stopped else self._stream.feed(held) + self._stream.flush()
        self._stream = TextStream(self._options.stop)
        if text and self._options.text_allowed:
            yield TextPiece(text)

    def _new_sampler(self, thinking: Thinking | None = None) -> Sampler:
        """A chain whose masks fit the number of artifacts so far, and the marks of thinking."""
        options = self._options
        begins = self._begins.keys() if self._runs < options.max_artifacts else ()
        names = options.calls.names if options.calls else ()
        return Sampler(
            self._session,
            masked=self._never.difference(begins, thinking.names if thinking else (), names),
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed + self._runs,
            grammar="" if thinking else options.grammar,
        )
