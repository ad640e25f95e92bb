"""Makes the renderers of a bundle in this process. Imports no plugin before one is made, and no
torch."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from plugins.api import Decoder, Renderer
from plugins.bus_jobs import Factory
from plugins.manifest import Discovery, SuspendedError, load
from runtime.bundle.bundle import Bundle


def own_renderers(
    bundle: Bundle, found: Discovery, suspended: Collection[str]
) -> Callable[[str, str], Factory]:
    """The bundle's own renderers, in this process."""

    def of(modality: str, name: str) -> Factory:
        return partial(make_renderer, bundle, modality, name, found, suspended)

    return of


def make_renderer(
    bundle: Bundle,
    modality: str,
    name: str,
    found: Discovery,
    suspended: Collection[str] = (),
) -> Renderer:
    """A renderer of the bundle, by its modality and id; loads no weights yet.

    One that stands in brings all it needs, so it gets a decoder without settings.

    Raises:
        KnownError: its plugin is missing or off, which is told where its artifact would be.
    """
    manifest = found.renderer(name)
    if manifest.plugin in suspended:
        raise SuspendedError(manifest.plugin)
    decoder = bundle.decoder(modality)
    if name != bundle.signal(modality).renderer:
        decoder = Decoder(folder=bundle.folder, bundle=bundle.name)
    return load(manifest)(decoder)
