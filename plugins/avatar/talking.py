"""A talking face by whichever renderer is switched on: Medley's drawn one, or a plugin's own.

This is how a command and the window make a clip of an answer. The renderer runs on a bus, so that
what a plugin does wrong costs this clip and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from plugins.api import Artifact, Decoder, ParameterValue, Recipe, Renderer
from plugins.avatar.speech import MODALITY, VisemeLike, condition
from plugins.avatar.visemes import Float32
from plugins.bus import Bus
from plugins.errors import KnownError
from plugins.manifest import Discovery, RendererManifest, discover, load
from plugins.rerender import rerender
from plugins.stage import MemoryLike, OnProgress, RenderStage

NO_BUNDLE = "none"
"""What a recipe names where no bundle took part."""


def talking_face(
    samples: Float32,
    visemes: Iterable[VisemeLike] = (),
    *,
    parameters: Mapping[str, ParameterValue] | None = None,
    seed: int = 0,
    enabled_plugins: Collection[str] = (),
    device: str = "cpu",
    memory: MemoryLike | None = None,
    on_progress: OnProgress | None = None,
    cancelled: threading.Event | None = None,
) -> Artifact:
    """A clip of a face that says the samples. Waits for it.

    Args:
        samples: [n] at 24 kHz, -1 to 1.
        visemes: the mouth's shapes in the order of time; none are heard in the sound.
        parameters: over the renderer's own, such as `size`.
        seed: the same one makes the same clip.
        enabled_plugins: names of the plugins that the person switched on.
        device: a torch device name, for a plugin that computes on one.
        memory: keeps models from one clip to the next.
        on_progress: told step and of, on the renderer's thread.
        cancelled: setting it stops at the next picture.

    Raises:
        Cancelled: it was stopped.
        KnownError: the speech does not fit, or rendering failed (`RenderFailed`).
    """
    said = condition(samples, visemes)
    stage = RenderStage(seed, device, on_progress=on_progress, cancel=cancelled, memory=memory)
    bus = _bus(face_renderer(discover(enabled_plugins)))
    try:
        return bus.submit(MODALITY, said, parameters or {}, stage).result()
    finally:
        bus.close()


def talking_face_again(
    recipe: Recipe,
    *,
    enabled_plugins: Collection[str] = (),
    on_progress: OnProgress | None = None,
    cancelled: threading.Event | None = None,
) -> Artifact:
    """The clip that a recipe describes, byte for byte on the same machine. Waits for it.

    Raises:
        Cancelled: it was stopped.
        KnownError: the recipe is another renderer's, or rendering failed (`RenderFailed`).
    """
    bus = _bus(discover(enabled_plugins).renderer(recipe.renderer))
    try:
        return rerender(recipe, bus, on_progress=on_progress, cancelled=cancelled)
    finally:
        bus.close()


def face_renderer(found: Discovery) -> RendererManifest:
    """Who draws talking faces: the first plugin that is on and brings one, else Medley itself.

    Raises:
        KnownError: nobody does.
    """
    faces = [r for p in found.plugins for r in p.renderers if r.modality == MODALITY and r.enabled]
    own = {plugin.name for plugin in found.plugins if plugin.built_in}
    faces.sort(key=lambda face: face.plugin in own)
    if not faces:
        raise KnownError("talking face: expected a renderer, found none; reinstall Medley.")
    return faces[0]


def _bus(manifest: RendererManifest) -> Bus:
    def make() -> Renderer:
        return load(manifest)(Decoder(folder=Path(), bundle=NO_BUNDLE))

    bus = Bus()
    bus.register(make, modality=manifest.modality, renderer_id=manifest.id)
    return bus
