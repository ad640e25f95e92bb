"""The language model of a bundle: prompts in, text and signals out, KV cache kept between turns.

Joins the parts: the llama.cpp session, what its cache holds, and the answering loop. Knows no
manifest, no template and no renderer.

Legend: N positions, D model width.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, KnownError
from runtime.language_model.chunks import Cell, Chunk
from runtime.language_model.generation import Answering
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.kv_cache import KvContext, PromptUsage
from runtime.language_model.limits import N_BATCH, CacheType
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.options import AnswerEvent, AnswerOptions
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.language_model.text.thinking import Thinking, ThinkingMarkers, thinking_markers
from runtime.language_model.threads import Threads, physical_cores

if TYPE_CHECKING:
    from runtime.language_model.mmproj.mtmd import MediaModel

Float32 = NDArray[np.float32]
SHORT, KEPT_TEXTS = 2000, 4096
"""Characters of a text whose tokens are kept, since it comes again with every turn that follows;
and of how many texts."""
LONG, KEPT_LONG_TEXTS = 60_000, 32
"""The same for long ones."""
_CHAT_TEMPLATE = "tokenizer.chat_template"


_PICTURE_SHARE = 4
"""A picture may take this part of the context where its model can choose."""
_LEAST_TOKENS = 256
"""Some models take no picture of fewer embeddings."""


def _never() -> bool:
    return False


class LanguageModel:
    """A GGUF language model with one conversation in its cache. One thread at a time."""

    def __init__(
        self,
        path: Path,
        *,
        n_ctx: int,
        n_threads: int | None = None,
        gpu_layers: int = 0,
        card: str = "",
        cache: CacheType = "f16",
        repack: bool = False,
        d_model: int | None = None,
        n_vocab: int | None = None,
    ) -> None:
        """Check and load `path`.

        `n_ctx` is the number of positions of the context; `n_threads` None follows, from prompt to
        prompt and answer to answer, how many cores are free; `gpu_layers` of `card` -1 means all of
        them; `cache` says how keys and values are kept; `repack` trades memory for speed, see
        `runtime.needs`; `d_model` and `n_vocab` are what the manifest says, if there is one.

        Raises:
            KnownError: the file is broken, of another size than expected, or does not fit.
        """
        facts = check_gguf(path, d_model=d_model, n_vocab=n_vocab)
        self._session = LlamaSession(
            path,
            n_ctx=n_ctx,
            n_threads=n_threads,
            gpu_layers=gpu_layers,
            card=card,
            cache=cache,
            repack=repack,
        )
        self._threads = None if n_threads else Threads(physical_cores())
        self._n_threads = n_threads or physical_cores()
        self._on_gpu = gpu_layers != 0
        self.n_ctx = n_ctx
        self.d_model = self._session.d_model
        self.d_input = self._session.d_input
        """Width of an embedding that takes the place of a token, for files that make such."""
        self.n_vocab = self._session.n_vocab
        self.bos = self._session.bos()
        """The token that begins a text; None if the model has none."""
        self.end_tokens = self._session.end_tokens()
        """Tokens that end an answer."""
        self.thinking = thinking_markers(str(facts.metadata.get(_CHAT_TEMPLATE, "")))
        """The marks around what it thinks before an answer, as its own chat template names them."""
        self._control = self._session.control_tokens()
        self._kv = KvContext(self._session, n_ctx)
        self.piece = functools.cache(self._session.piece)
        """Bytes that a token adds to a text; none for a control token."""
        self._short = functools.lru_cache(KEPT_TEXTS)(self._session.tokenize)
        self._long = functools.lru_cache(KEPT_LONG_TEXTS)(self._session.tokenize)

    def close(self) -> None:
        """Free all memory; safe to call twice."""
        self._session.close()

    def __enter__(self) -> LanguageModel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The contents of the KV cache, position by position."""
        return self._kv.cells

    @property
    def used(self) -> int:
        """Positions of the context that are full."""
        return self.n_ctx - self._kv.room

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added. With `parse_special`, which is for templates only,
        the names of control tokens in it become those tokens."""
        if len(text) > LONG:
            return self._session.tokenize(text, parse_special=parse_special)
        kept = self._short if len(text) <= SHORT else self._long
        return list(kept(text, parse_special=parse_special))

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """A piece of a template cut at the names of control tokens, longer names first."""
        parts: list[str | ControlToken] = [text]
        for name, token in self._control_names:
            if name in text:
                parts = [p for part in parts for p in _cut(part, name, token)]
        return [part for part in parts if part != ""]

    @functools.cached_property
    def _control_names(self) -> list[tuple[str, ControlToken]]:
        session = self._session
        names = [(_text(session.piece(i, special=True)), i) for i in self._control]
        names.sort(key=lambda name: len(name[0]), reverse=True)
        return [(name, ControlToken(i, *session.strips(i))) for name, i in names if name]

    def control_text(self, token: int) -> bytes:
        """The name of a control token."""
        return self._session.piece(token, special=True)

    def text(self, ids: Sequence[int]) -> str:
        """The text of `ids`, control tokens left out."""
        return _text(b"".join(map(self.piece, ids)))

    def thinking_of(self, markers: ThinkingMarkers, *, begun: bool, most_tokens: int) -> Thinking:
        """How an answer may think between these marks.

        Args:
            markers: `thinking`, or those of a manifest.
            begun: whether the prompt itself ends with the opening one.
            most_tokens: where the thinking is cut.
        """
        marks = "".join((markers.open, markers.close, *markers.skipped))
        control = [p.id for p in self.control_tokens_in(marks) if isinstance(p, ControlToken)]
        names = {i: self._session.piece(i, special=True) for i in control}
        closing = self.tokenize(markers.close + markers.after, parse_special=True)
        return Thinking(markers, begun, most_tokens, tuple(closing), names)

    def prefill(
        self,
        prompt: Sequence[Chunk],
        cancelled: Callable[[], bool] | None = None,
        *,
        fresh: int = 1,
    ) -> PromptUsage:
        """Make the cache hold exactly `prompt`; the longest prefix it shares with what is there
        already, media included, is not decoded again; its last `fresh` positions always are, so
        that repeating a turn repeats its answer to the last bit.

        `cancelled` is asked often and must be quick and not raise.

        Raises:
            KnownError: the prompt is longer than `n_ctx`.
            Cancelled: stopped; the next prefill reuses what was decoded till then.
        """
        self._follow_load()
        return self._kv.prefill(prompt, cancelled, fresh=fresh)

    def generate(
        self, options: AnswerOptions, cancelled: Callable[[], bool] = _never
    ) -> Generator[AnswerEvent, None, None]:
        """Answer the prompt that `prefill` put in; the last event is `Finished`.

        What is generated joins the cache, so the next prompt reuses it. `cancelled` is asked
        before every token. It may be left (closed) at any event.
        """
        if not self._kv.has_logits:
            raise BugError("generate needs a prefill that was not cancelled")
        self._follow_load()
        answering = Answering(
            self._session,
            self._kv,
            options,
            piece=self.piece,
            ends=self.end_tokens,
            control=self._control,
        )
        return self._following(answering.events(cancelled))

    def put(self, ids: Sequence[int]) -> None:
        """Append tokens behind what is there; then the next can be sampled.

        Raises:
            KnownError: the context has no room for them.
        """
        if len(ids) > self._kv.room:
            raise KnownError(
                "expected room for {ids_count} more tokens (words or parts of words), found "
                "{room} left of the {n_ctx} that the model reads at once. Begin a new "
                "conversation.",
                "context",
                ids_count=len(ids),
                room=self._kv.room,
                n_ctx=self.n_ctx,
            )
        for token in ids:
            self._kv.put(token)

    def media_model(self, path: Path) -> MediaModel:
        """An mmproj file that was made for this model, opened beside it.

        Raises:
            KnownError: the file is broken, for another model, or not what llama.cpp knows.
        """
        from runtime.language_model.mmproj.check import check_mmproj
        from runtime.language_model.mmproj.mtmd import MediaModel

        check_mmproj(path, width=self.d_input)
        return MediaModel(
            path,
            self._session,
            n_threads=self._n_threads,
            on_gpu=self._on_gpu,
            most_tokens=min(N_BATCH, max(self.n_ctx // _PICTURE_SHARE, _LEAST_TOKENS)),
        )

    def states(self, prompt: Sequence[Chunk]) -> Float32:
        """[N, D] states (last layer, after the final norm) of every position of `prompt`, which
        is decoded as a whole behind what `prefill` put in."""
        return np.concatenate([self._kv.put_chunk(chunk) for chunk in prompt])

    def layer_states(
        self,
        ids: Sequence[int],
        layers: Sequence[int],
        *,
        seen: int | None = None,
        cancelled: Callable[[], bool] = _never,
    ) -> Float32:
        """[L, N, D] states of a text behind each of L numbers of layers; see
        `runtime.language_model.layer_states`. The conversation stays as it is.

        Raises:
            Cancelled: stopped.
            KnownError: the model has too few layers, or there is no memory for the context.
        """
        from runtime.language_model.layer_states import layer_states

        model, threads = self._session.model, self._n_threads
        return layer_states(model, ids, layers, seen=seen, n_threads=threads, cancelled=cancelled)

    def logits(self) -> Float32:
        """[n_vocab] logits of the last position, a copy."""
        return self._session.logits().copy()

    def _following(
        self, events: Generator[AnswerEvent, None, None]
    ) -> Generator[AnswerEvent, None, None]:
        """The events, while the threads follow the load: hearing ends as an answer begins, and the
        voice begins in the middle of it."""
        with contextlib.closing(events):
            for event in events:
                yield event
                self._follow_load()

    def _follow_load(self) -> None:
        if self._threads is not None:
            self._session.use_threads(self._threads.choose())


def _cut(part: str | ControlToken, name: str, token: ControlToken) -> list[str | ControlToken]:
    """`part` with a token in each place of its name."""
    if not isinstance(part, str):
        return [part]
    texts = part.split(name)
    cut: list[str | ControlToken] = [token] * (2 * len(texts) - 1)
    cut[::2] = texts
    return cut


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
