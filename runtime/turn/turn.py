"""One answer, from the user's message to the last event.

Joins the parts that the engine holds: prompt, language model, signals, renders. Knows no file
format and loads nothing itself.

Legend: N signal tokens of one run, D the language model's width.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence

import msgspec

from plugins.errors import Cancelled, KnownError, Problem, phrase
from runtime.calls.offer import Offer
from runtime.language_model.chunks import Chunk, TokenChunk
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    CallBegan,
    CallEnded,
    Finished,
    PromptUsage,
    SignalBegan,
    SignalRun,
    ThinkingEnded,
    ThinkingPiece,
)
from runtime.messages import (
    Event,
    Finish,
    Message,
    SignalStarted,
    TextDelta,
    TextPart,
    ThinkingDelta,
    ThinkingDone,
    Timings,
    Turn,
    TurnDone,
    TurnFailed,
    Usage,
)
from runtime.observations.turn_media import read_media
from runtime.turn.answer_options import answer_options, caption_parser_of
from runtime.turn.artifacts import ArtifactStops, TurnRenders
from runtime.turn.caption_parser import CaptionBegan, CaptionEnded, Cut
from runtime.turn.choice.media_choice import MediaChooser
from runtime.turn.context import TurnContext
from runtime.turn.policy import Policy
from runtime.turn.prompting import Prompting, prompting
from runtime.turn.reply import Reply
from runtime.turn.thoughts import Thoughts
from runtime.turn.timers import DecodingTimer
from runtime.turn.wording import cannot_make, language_of, said, why_empty


class TurnRun:
    """One turn being answered. Its events are made in the thread that iterates."""

    def __init__(
        self,
        context: TurnContext,
        turn: Turn,
        policy: Policy,
        seed: int,
        cancelled: threading.Event,
        stops: ArtifactStops,
        loaded_before: float,
    ) -> None:
        self._context = context
        self._turn = turn
        self._policy = policy
        self._seed = seed
        self._cancelled = cancelled
        self._loaded_before = loaded_before
        self._reply = Reply()
        self._thoughts = Thoughts(context.bundle.manifest, context.model, turn.think)
        self._renders = TurnRenders(
            context.bus,
            memory=lambda modality: context.renderer_memory(
                modality, turn.parameters.get(modality, {})
            ),
            device=context.device,
            seed=seed,
            parameters=turn.parameters,
            previews=turn.previews,
            cancelled=cancelled,
            stops=stops,
            conditions=context.captions.condition,
        )
        self._offer = Offer(context.bundle.manifest.template, turn, context.model)
        self._goes_on = turn.messages[-1].goes_on
        self._caption_parser = (
            None if context.chooser is not None else caption_parser_of(context.bundle.manifest)
        )
        self._quoted: tuple[str, ...] = ()
        self._usage = PromptUsage(0, 0)
        self._dropped = 0
        self._fresh = 1
        self._finished = Finished("stopped", 0)
        self._encode_s = self._first_token_s = self._text_s = 0.0
        self._decoding = DecodingTimer()

    def events(self) -> Iterator[Event]:
        """The whole answer; the last event is `TurnDone` or `TurnFailed`.

        Raises:
            KnownError: the turn cannot be answered.
        """
        try:
            try:
                options = self._options()
                if (answer := self._reviewed()) is not None:
                    yield from self._words(answer)
                    self._finished = Finished("end", 0)
                    yield self._outcome()
                    return
                self._turn = yield from self._read()
                prompts, chooser = self._encode(options), self._context.chooser
                if chooser is None or self._goes_on or self._offer.required:
                    yield from self._generate(prompts, self._decided(prompts, options))
                else:
                    yield from self._directed(chooser, prompts, options)
            except Cancelled:
                self._finished = Finished("stopped", 0)
            yield from self._renders.wait()
            yield self._outcome()
        finally:
            self._renders.cancel()

    def prepare(self) -> None:
        """Have the model read the prompt as far as it is known, so that the answer begins sooner.

        Raises:
            Cancelled: it was stopped.
            KnownError: the turn cannot be answered.
        """
        prompts = self._encode(self._options())
        self._context.model.prefill(self._usual(prompts), self._cancelled.is_set, fresh=1)

    def _options(self) -> AnswerOptions:
        sampling, manifest = self._turn.sampling, self._context.bundle.manifest
        options = answer_options(manifest, sampling, self._policy, self._seed)
        options = dataclasses.replace(options, thinking=self._thoughts.thinking())
        return self._offer.of(options, allowed=self._policy.text)

    def _decided(self, prompts: Prompting, options: AnswerOptions) -> AnswerOptions:
        """The options once the model was asked whether the answer needs a tool, where the bundle
        has it asked."""
        chooser, again = self._context.call_chooser, self._goes_on
        if chooser is None or not self._offer.undecided or not self._policy.text:
            return options
        question = self._thoughts.closed(chooser.question(again=again))
        asking = prompts.prompt(question).chunks
        names, cancelled = self._offer.names, self._cancelled.is_set
        call = chooser.calls(asking, names, cancelled, again=again)
        self._offer = self._offer.decided(call=call)
        return self._options()

    def _reviewed(self) -> str | None:
        """The answer of a bundle with a small world to what lies outside it; otherwise the turn
        becomes what its model is to see."""
        if self._context.reviewer is None or self._offer.required or self._goes_on:
            return None
        started, loaded = time.perf_counter(), self._context.loading_s()
        ask = not self._policy.require
        review = self._context.reviewer.review(self._turn.messages, ask=ask)
        self._encode_s = time.perf_counter() - started - (self._context.loading_s() - loaded)
        if review.answer is None:
            self._turn = msgspec.structs.replace(self._turn, messages=review.messages)
        elif not self._policy.text or self._turn.sampling.json_schema:
            raise KnownError(review.answer)
        return review.answer

    def _read(self) -> Generator[Event, None, Turn]:
        """The turn with what readers find in media that the bundle cannot take in by itself."""
        started = time.perf_counter()
        context = self._context
        turn = yield from read_media(
            self._turn,
            context.reader,
            self._cancelled,
            taken=context.embedder.modalities,
            documents=context.bundle.manifest.encoder is None,
        )
        self._encode_s += time.perf_counter() - started
        return turn

    def _encode(self, options: AnswerOptions) -> Prompting:
        """The chunks of the prompt; media not seen before go through the encoder."""
        context, most = self._context, options.most_tokens
        started, loaded = time.perf_counter(), context.loading_s()
        markers, cancelled = self._thoughts.markers, self._cancelled.is_set
        made = prompting(context, self._turn, most, cancelled, markers)
        self._quoted, self._dropped = made.quoted, made.prompt().dropped_messages
        if context.bundle.manifest.routing == "projected":
            self._fresh = made.fresh
        self._encode_s += time.perf_counter() - started - (context.loading_s() - loaded)
        return made

    def _directed(
        self, chooser: MediaChooser, prompts: Prompting, options: AnswerOptions
    ) -> Iterator[Event]:
        """Captioned routing in which the model is asked: first what the answer holds, then for
        captions, which are rendered, then for words."""
        cancelled, started, spec = self._cancelled.is_set, time.perf_counter(), chooser.spec
        possible = chooser.possible(self._turn.messages, self._policy)
        chosen: tuple[str, ...] = ()
        if possible.modalities:
            asking = prompts.prompt(self._thoughts.closed(spec.question)).chunks
            chosen = chooser.choose(asking, possible, self._policy, cancelled)
        made = False
        for modality in chosen:
            began = self._renders.begin(modality)
            self._first_token_s = self._first_token_s or time.perf_counter() - started
            question = self._thoughts.closed(spec.captions[modality])
            asking, caption = prompts.prompt(question).chunks, ""
            with contextlib.suppress(Cancelled):
                caption = chooser.caption(asking, options, cancelled)
            made |= yield from self._submit_known(began, caption, {} if made else spec.lead)
            if cancelled():
                return
        if not self._policy.text or (chosen and not made):
            self._finished = Finished("end", 0)
            return
        if not made:
            options = self._decided(prompts, options)
        model, chunks = self._context.model, self._usual(prompts, begun=made)
        self._usage = model.prefill(chunks, cancelled, fresh=self._fresh)
        if made:
            # With the lead last the model adds words only where more was asked for.
            last = sorted(self._reply.message().parts, key=lambda part: isinstance(part, TextPart))
            model.put(prompts.tokens_of(Message("assistant", tuple(last))))
            options = dataclasses.replace(options, thinking=None)
        yield from self._text(model.generate(options, cancelled), started)

    def _submit_known(
        self, began: SignalStarted, caption: str, lead: Mapping[str, str]
    ) -> Generator[Event, None, bool]:
        """Render a caption with the first renderer that knows all of its words, after the words
        that lead to it; where there is none, the answer says so and what can be made. Returns
        whether it is rendered."""
        wanted = caption and not self._cancelled.is_set()
        choice = self._renders.choose(began.modality, caption) if wanted else None
        signal = self._context.bundle.signal(began.modality)
        language = language_of(self._turn.messages[-1])
        if choice is not None and choice.renderer_id is not None:
            if lead and self._policy.text:
                sentences = signal.stand_ins.get(choice.renderer_id, lead)
                yield from self._words(said(sentences, language))
            yield self._began(began)
            self._reply.caption(caption)
            self._renders.submit_caption(caption, choice.renderer_id)
            return True
        yield self._began(began)
        if choice is not None:
            yield from self._cannot(began.modality, choice.unknown, language)
        elif not caption and not self._cancelled.is_set():
            self._renders.submit_caption(caption)
        return False

    def _cannot(self, modality: str, unknown: Sequence[str], language: str) -> Iterator[Event]:
        """Say why nothing was made, and what can be."""
        words = cannot_make(self._context.bundle.signal(modality), modality, unknown, language)
        if self._policy.text:
            yield from self._words(words)
        named: Problem | str = ", ".join(unknown) or phrase("what it is to show")
        known = phrase("no renderer here knows {unknown}.", unknown=named)
        self._renders.fail(known if self._policy.text else Problem(words))

    def _text(self, events: Iterator[AnswerEvent], started: float) -> Iterator[Event]:
        for event in self._decoding.of(events):
            if not self._first_token_s:
                self._first_token_s = time.perf_counter() - started
            yield from self._handle(event)
            yield from self._renders.ready()
        if self._caption_parser is not None:
            yield from self._cuts(self._caption_parser.finish())
        self._text_s = time.perf_counter() - started - self._first_token_s

    def _usual(self, prompts: Prompting, *, begun: bool = False) -> tuple[Chunk, ...]:
        """The prompt of the answer itself; nothing is thought where it has begun already."""
        return prompts.prompt(self._thoughts.closing(at_once=begun)).chunks

    def _generate(self, prompts: Prompting, options: AnswerOptions) -> Iterator[Event]:
        opened = None if self._caption_parser is None else self._policy.only
        prompt = self._usual(prompts, begun=opened is not None)
        if opened is not None:
            options = dataclasses.replace(options, thinking=None)
            tag = self._context.bundle.signal(opened).caption_open
            prompt = (*prompt, TokenChunk(tuple(self._context.model.tokenize(tag))))
        model, cancelled = self._context.model, self._cancelled.is_set
        started = time.perf_counter()
        self._usage = model.prefill(prompt, cancelled, fresh=self._fresh)
        if opened is not None and self._caption_parser is not None:
            tag = self._context.bundle.signal(opened).caption_open
            yield from self._cuts(self._caption_parser.feed(tag))
        yield from self._text(model.generate(options, cancelled), started)

    def _handle(self, event: AnswerEvent) -> Iterator[Event]:
        if isinstance(event, Finished):
            self._finished, self._usage = event, event.prompt or self._usage
        elif isinstance(event, SignalBegan):
            self._context.conditions.warm(self._policy.modalities)
            yield self._begin(event.modality)
        elif isinstance(event, SignalRun):
            self._submit_signal(event)
        elif isinstance(event, ThinkingPiece):
            self._reply.add_thought(event.text)
            yield ThinkingDelta(event.text)
        elif isinstance(event, ThinkingEnded):
            yield from self._thought(event)
        elif isinstance(event, CallBegan | CallEnded):
            yield from self._offer.events(event, self._reply.add_call)
        elif self._caption_parser is not None:
            yield from self._cuts(self._caption_parser.feed(event.text))
        else:
            yield from self._words(event.text)

    def _thought(self, event: ThinkingEnded) -> Iterator[Event]:
        seconds = self._decoding.since_begin_s
        if self._reply.end_thought(seconds, cut=event.cut):
            yield ThinkingDone(seconds, event.cut)

    def _cuts(self, cuts: Iterator[Cut]) -> Iterator[Event]:
        """Captioned routing: what of the text is words and what asks for artifacts."""
        for cut in cuts:
            if isinstance(cut, CaptionBegan):
                if cut.modality in self._policy.modalities:
                    yield self._begin(cut.modality)
            elif isinstance(cut, CaptionEnded):
                if cut.modality in self._policy.modalities:
                    self._renders.submit_caption(cut.caption)
            elif self._policy.text:
                yield from self._words(cut.text)

    def _submit_signal(self, run: SignalRun) -> None:
        try:
            condition = self._context.conditions.condition(run.modality, run.hidden)
        except KnownError as error:
            self._renders.fail(error.problem)
        else:
            self._renders.submit(condition)

    def _begin(self, modality: str) -> SignalStarted:
        return self._began(self._renders.begin(modality))

    def _began(self, began: SignalStarted) -> SignalStarted:
        """An artifact takes its place in the answer."""
        self._reply.add_signal(began.modality)
        return began

    def _words(self, text: str) -> Iterator[Event]:
        self._reply.add_text(text)
        yield TextDelta(text)

    def _outcome(self) -> TurnDone | TurnFailed:
        answered = self._reply.has_words or self._reply.has_calls or self._renders.made > 0
        reason = self._finished.reason
        finish: Finish = "tool_calls" if reason == "calls" else reason
        if self._renders.stopped and (self._cancelled.is_set() or not answered):
            finish = "stopped"
        if not answered and finish != "stopped" and not self._turn.may_be_empty:
            problems, new_tokens = self._renders.problems, self._finished.new_tokens
            return TurnFailed(why_empty(self._policy, problems, new_tokens))
        prompt, model = self._usage, self._context.model
        used = model.used if prompt.prompt_tokens else 0
        about = self._context.bundle.manifest
        return TurnDone(
            reply=self._reply.message(),
            usage=Usage(
                prompt.prompt_tokens,
                prompt.reused_tokens,
                self._finished.new_tokens,
                used,
                model.n_ctx,
            ),
            timings=Timings(
                load=self._context.loading_s() - self._loaded_before,
                encode=self._encode_s,
                first_token=self._first_token_s,
                text=self._text_s,
                render=tuple(self._renders.seconds),
                decode=self._decoding.seconds,
            ),
            seed=self._seed,
            finish=finish,
            dropped_messages=self._dropped,
            quoted=self._quoted,
            bundle=about.name,
            title=about.title,
        )
