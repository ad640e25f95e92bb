"""What plugins declare, as it is found: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plugins.errors import KnownError
from plugins.tool import ToolDeclaration

Purpose = Literal["hear", "see", "read", ""]
"""The purpose of a reader's model, as in the catalogue of models; empty for no model."""


@dataclass(frozen=True)
class RendererManifest:
    """One renderer as its plugin declares it."""

    plugin: str
    enabled: bool
    id: str
    modality: str
    python_name: str
    """`module:Class`, a subclass of `plugins.api.Renderer`."""
    signal_tokens: int
    """The number of signal tokens that a language model should learn for it."""
    description: str
    pipelines: tuple[str, ...] = ()
    """Class names of the pipelines of diffusers that it runs; none for a renderer without."""


@dataclass(frozen=True)
class ReaderManifest:
    """One reader as its plugin declares it."""

    plugin: str
    enabled: bool
    id: str
    modalities: tuple[str, ...]
    """The modalities that it reads: some of `image`, `audio`, `video`, `document`, or a plugin's
    own."""
    python_name: str
    """`module:Class`, a subclass of `plugins.api.Reader`."""
    description: str
    model: Purpose = ""
    """The purpose of the model whose folder it is given; empty for a reader that needs none."""


@dataclass(frozen=True, kw_only=True)
class ToolManifest(ToolDeclaration):
    """One tool as its plugin declares it."""

    plugin: str
    enabled: bool
    python_name: str
    """`module:Class`, a subclass of `plugins.api.Tool`."""


@dataclass(frozen=True)
class PluginManifest:
    """One plugin."""

    name: str
    version: str
    enabled: bool
    built_in: bool
    renderers: tuple[RendererManifest, ...]
    readers: tuple[ReaderManifest, ...] = ()
    tools: tuple[ToolManifest, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Why one plugin cannot be used; the others are not touched by it."""

    plugin: str
    what: str


@dataclass(frozen=True)
class Discovery:
    """All plugins found, and what was wrong with the rest."""

    plugins: tuple[PluginManifest, ...]
    problems: tuple[Problem, ...]

    def renderer(self, renderer_id: str) -> RendererManifest:
        """The renderer of this id, enabled or not.

        Raises:
            KnownError: there is none; the known ones are listed.
        """
        known = {r.id: r for plugin in self.plugins for r in plugin.renderers}
        if renderer_id not in known:
            raise KnownError(
                "renderer {renderer_id}: expected it to be installed, found only {known}. Choose "
                "one of these, or install its plugin.",
                renderer_id=repr(renderer_id),
                known=", ".join(sorted(known)),
            )
        return known[renderer_id]

    @property
    def owners(self) -> dict[str, str]:
        """The plugin of each renderer and reader that is not built in, by its id."""
        found: dict[str, str] = {}
        for plugin in self.plugins:
            if not plugin.built_in:
                found |= {renderer.id: plugin.name for renderer in plugin.renderers}
                found |= {reader.id: plugin.name for reader in plugin.readers}
        return found

    @property
    def readers(self) -> tuple[ReaderManifest, ...]:
        """Every plugin's readers, enabled or not, the built-in ones first."""
        return tuple(reader for plugin in self.plugins for reader in plugin.readers)

    @property
    def tools(self) -> tuple[ToolManifest, ...]:
        """Every plugin's tools, enabled or not, the built-in ones first."""
        return tuple(tool for plugin in self.plugins for tool in plugin.tools)
