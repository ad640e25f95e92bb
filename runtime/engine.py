"""The engine: a bundle that answers. What the rest of Medley sees of NExT-GPT.

Holds the bundle's parts and hands each turn to a `TurnRun`. Importing this module imports no
torch: parts are loaded when the first turn needs them. Knows no window and no storage.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from plugins.api import Artifact, Condition, ParameterValue, Recipe
from plugins.bus import Bus
from plugins.bus_jobs import Factory
from plugins.errors import Cancelled, KnownError, Problem, phrase
from plugins.manifest import Discovery, Purpose, discover
from plugins.rerender import check_bundle, rerender
from plugins.stage import OnProgress
from runtime.bundle.bundle import Bundle
from runtime.components.memories import LANGUAGE_MODEL, Memories
from runtime.components.renderers import own_renderers
from runtime.language_model.threads import physical_cores
from runtime.messages import Embedding, Event, MediaPart, TextPart, Turn, TurnFailed
from runtime.turn.artifacts import ArtifactStops
from runtime.turn.policy import policy_for
from runtime.turn.timers import LoadTimer

if TYPE_CHECKING:
    from runtime.language_model.protocol import TalkingModel
    from runtime.observations.reading import ModelFound
    from runtime.turn.context import TurnContext
    from runtime.turn.imagebind_embedder import ImageBindEmbedder
    from runtime.turn.media_embedder import Embedders, MediaEmbedder

MEDIA_ENCODER = "media encoder"
"""The name of an mmproj in memory."""


class Engine:
    """Answers turns, one at a time, with the parts of one bundle.

    Thread contract: `answer` is iterated, and `load`, `rerender` and `embed` called, by one thread
    at a time; `cancelled` may be set, `stops` used and `memory` looked at from any thread.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        device: str = "auto",
        memory_budget: int | None = None,
        threads: int | None = None,
        enabled_plugins: Collection[str] = (),
        suspended_plugins: Collection[str] = (),
        on_load: Callable[[str], None] | None = None,
        on_work: Callable[[str, str], None] | None = None,
        on_notice: Callable[[Problem], None] | None = None,
        renderers: Callable[[str, str], Factory] | None = None,
    ) -> None:
        """Loads nothing yet. Everybody but tests makes an engine with `runtime.opening`.

        Args:
            bundle: an opened bundle.
            device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
            memory_budget: bytes of the device's memory for everything that is loaded; None is most
                of what is free when the first part is loaded.
            threads: for torch and llama.cpp; None is the number of physical cores, of which
                llama.cpp leaves those that are busy with something else.
            enabled_plugins: names of third-party plugins that the person switched on.
            suspended_plugins: those of them that are not to be used all the same.
            on_load: told the name of each part before it is loaded.
            on_work: told the id of the renderer or reader whose code is about to run and the name
                of the plugin that brought it, empty for Medley's own, and two empty texts when it
                ended.
            on_notice: told what the person should know of how the language model was loaded.
            renderers: makes, for a modality and a renderer's id, what renders in its place, perhaps
                in another process; None has the bundle's own render here.
        """
        self.bundle = bundle
        self._memories = Memories(bundle, memory_budget)
        self.memory = self._memories.device
        found = discover(enabled_plugins)
        self._on_work = _named(on_work, found)
        self.bus = Bus(self._on_work)
        self._wish = device
        self._threads = threads
        self._loads = LoadTimer(on_load)
        self._on_notice = on_notice or (lambda _: None)
        self._busy = threading.Lock()
        self._context: TurnContext | None = None
        self._imagebind: ImageBindEmbedder | None = None
        make = renderers or own_renderers(bundle, found, suspended_plugins)
        for modality, signal in bundle.manifest.signals.items():
            for name in (signal.renderer, *signal.stand_ins):
                self.bus.register(
                    make(modality, name),
                    modality=modality,
                    renderer_id=name,
                    stands_in=name != signal.renderer,
                )
        self._readers, self._suspended = found.readers, frozenset(suspended_plugins)

    def load(self) -> str:
        """Load the language model now rather than with the first turn; returns the device's name.

        Raises:
            KnownError: its file is broken, it does not fit into memory, or there is no such device.
        """
        return self._ready().device

    @property
    def devices(self) -> tuple[str, ...]:
        """The torch devices of this machine, best first."""
        from runtime.components.devices import known_devices

        return known_devices()

    @property
    def n_ctx(self) -> int:
        """Positions of the context; loads the language model."""
        return self._ready().model.n_ctx

    def answer(
        self,
        turn: Turn,
        cancelled: threading.Event | None = None,
        stops: ArtifactStops | None = None,
    ) -> Iterator[Event]:
        """Answer a turn as a stream of events.

        Text, signal, progress and artifact events come as they happen; the last event is
        `TurnDone` or `TurnFailed`, and after either the engine can be used again. Setting
        `cancelled` stops within a token or a diffusion step, with `TurnDone(finish="stopped")`.
        Leaving the iterator early stops everything too. `stops` stops artifacts one by one.

        Timings: `load` and `encode` are what they say; `first_token` runs from the beginning of
        prefill to the model's first event, `text` from there to its last.
        """
        if not self._busy.acquire(blocking=False):
            yield TurnFailed(
                phrase(
                    "expected one question at a time, found another that is still being answered. "
                    "Wait for its answer or stop it, then ask again."
                )
            )
            return
        try:
            cancelled, stops = cancelled or threading.Event(), stops or ArtifactStops()
            yield from self._events(turn, cancelled, stops)
        except KnownError as error:
            yield TurnFailed(error.problem)
        finally:
            self._busy.release()

    def prepare(self, turn: Turn, cancelled: threading.Event | None = None) -> None:
        """Read a turn that a person is still speaking, as far as its words are known: what a later
        turn has in common with it need not be read again. Nothing happens while another turn is
        answered, or where the model asks for more than words.

        Raises:
            KnownError: the turn cannot be answered.
        """
        if not self._busy.acquire(blocking=False):
            return
        try:
            context = self._ready()
            from runtime.turn.turn import TurnRun

            policy = policy_for(turn.allowed, self.bundle.modalities)
            cancelled = cancelled or threading.Event()
            run = TurnRun(context, turn, policy, 0, cancelled, ArtifactStops(), 0.0)
            with contextlib.suppress(Cancelled):
                run.prepare()
        finally:
            self._busy.release()

    def rerender(
        self,
        recipe: Recipe | str,
        on_progress: OnProgress | None = None,
        *,
        seed: int | None = None,
        parameters: Mapping[str, ParameterValue] | None = None,
        previews: bool = False,
        cancelled: threading.Event | None = None,
    ) -> Artifact:
        """The artifact that a recipe describes, byte for byte; the language model is run for the
        captions of native routing alone.

        Args:
            recipe: as an artifact carries it, or its JSON.
            on_progress: told step, of and a preview or None, on the renderer's thread.
            seed: another than the recipe's own makes a variation.
            parameters: over the recipe's own, likewise.
            previews: whether `on_progress` gets previews.
            cancelled: setting it stops within a diffusion step.

        Raises:
            Cancelled: it was stopped.
            KnownError: the recipe belongs to another bundle or renderer, or rendering failed.
        """
        if isinstance(recipe, str):
            recipe = Recipe.from_json(recipe)
        check_bundle(recipe, self.bundle.name)
        recipe = dataclasses.replace(
            recipe,
            condition=self._condition(recipe, cancelled or threading.Event()),
            seed=recipe.seed if seed is None else seed,
            parameters={**recipe.parameters, **(parameters or {})},
        )
        return rerender(
            recipe,
            self.bus,
            self._start_device(),
            memory=self._memories.renderer(recipe.modality, recipe.parameters),
            on_progress=on_progress,
            previews=previews,
            cancelled=cancelled,
        )

    def embed(self, content: TextPart | MediaPart) -> Embedding:
        """The embedding of words or of a medium in the encoder's shared space.

        Raises:
            KnownError: the bundle's encoder does not take this modality, the words are none, or the
                file is not a readable medium.
        """
        return self._imagebind_embedder(self._start_device()).meaning(content)

    def close(self) -> None:
        """Stop what runs and free everything. The engine cannot be used afterwards."""
        self.bus.close()
        context, self._context = self._context, None
        self._memories.drop(MEDIA_ENCODER)
        if context is not None:
            context.model.close()
        self._memories.clear()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _condition(self, recipe: Recipe, cancelled: threading.Event) -> Condition:
        """That of a recipe, made again where the recipe holds the caption it comes from."""
        signal, found = self.bundle.manifest.signals.get(recipe.modality), recipe.condition
        if signal is None or signal.native is None or found.caption is None:
            return found
        return self._ready().captions.again(recipe, cancelled.is_set)

    def _events(
        self, turn: Turn, cancelled: threading.Event, stops: ArtifactStops
    ) -> Iterator[Event]:
        policy = policy_for(turn.allowed, self.bundle.modalities)
        for modality in turn.parameters:
            self.bundle.signal(modality)
        seed = secrets.randbelow(2**31) if turn.seed is None else turn.seed
        already = self._loads.seconds
        context = self._ready()
        from runtime.turn.turn import TurnRun

        yield from TurnRun(context, turn, policy, seed, cancelled, stops, already).events()

    def _ready(self) -> TurnContext:
        if self._context is None:
            with self._loads.loading(LANGUAGE_MODEL):
                self._context = self._start()
        return self._context

    def _imagebind_embedder(self, device: str) -> ImageBindEmbedder:
        from runtime.turn.imagebind_embedder import ImageBindEmbedder

        if self._imagebind is None:
            self._imagebind = ImageBindEmbedder(self.bundle, self.memory, device, self._loads)
        return self._imagebind

    def _embedder(self, model: TalkingModel, device: str) -> Embedders:
        """What takes in media: the language model's own mmproj before an encoder beside it."""
        from runtime.turn.media_embedder import Embedders

        manifest = self.bundle.manifest
        found: list[MediaEmbedder] = []
        if manifest.media_embedder is not None:
            from runtime.language_model.model import LanguageModel
            from runtime.turn.mmproj_embedder import MmprojEmbedder

            spec = manifest.media_embedder
            assert isinstance(model, LanguageModel)
            memory = self._memories.llama
            found.append(
                MmprojEmbedder(self.bundle, spec, model, memory, self._loads, MEDIA_ENCODER)
            )
        if manifest.encoder is not None:
            found.append(self._imagebind_embedder(device))
        return Embedders(self.bundle.name, found)

    def _start(self) -> TurnContext:
        """Prepare a turn; the language model is loaded here, once."""
        device = self._start_device()
        from runtime.observations.reading import MediumReader, known_readers
        from runtime.turn.captions import Captions
        from runtime.turn.choice.call_choice import call_chooser
        from runtime.turn.choice.media_choice import media_chooser
        from runtime.turn.conditions import Conditions
        from runtime.turn.context import TurnContext

        bundle, model = self.bundle, self._model()
        return TurnContext(
            bundle=bundle,
            device=device,
            renderer_memory=self._memories.renderer,
            bus=self.bus,
            model=model,
            embedder=self._embedder(model, device),
            conditions=Conditions(bundle, self.memory, device, self._loads),
            captions=Captions(bundle, model, self._memories.llama),
            reader=MediumReader(
                known_readers(self._readers, _finder(bundle), self._suspended),
                self._memories.host,
                on_work=self._on_work,
            ),
            reviewer=self._imagebind_embedder(device).reviewer(),
            chooser=media_chooser(bundle.manifest, model),
            call_chooser=call_chooser(bundle.manifest, model),
            loading_s=lambda: self._loads.seconds,
        )

    def _model(self) -> TalkingModel:
        """The model in the bundle's file, or the one that a server has."""
        places, spec = self._memories.start(self._wish), self.bundle.manifest.language_model
        if spec.upstream is None:
            return self._memories.load_model(places, self._threads, self._on_notice)
        from runtime.upstream.model import UpstreamModel

        return UpstreamModel(spec)

    def _start_device(self) -> str:
        """The name of torch's device."""
        from runtime.components import load as components

        device = self._memories.start(self._wish).device
        if self._context is None:
            components.use_threads(self._threads or physical_cores())
        return device


def _finder(bundle: Bundle) -> Callable[[Purpose], ModelFound | None]:
    """Finds the installed model that a reader asks for: the one that the bundle names, or else the
    best."""
    speech = bundle.manifest.speech
    wished = {"hear": speech.hear} if speech is not None else {}

    def find(purpose: Purpose) -> ModelFound | None:
        from runtime.catalogue import store

        return store.chosen(purpose, wished.get(purpose, "")) if purpose else None

    return find


def _named(
    on_work: Callable[[str, str], None] | None, found: Discovery
) -> Callable[[str], None] | None:
    """Tells the plugin's name with the id of its renderer or reader."""
    if on_work is None:
        return None
    return lambda what: on_work(what, found.owners.get(what, ""))
