"""Imports what a manifest names, on first use. Knows no torch."""

from __future__ import annotations

import importlib
from typing import TypeVar

from plugins.api import Reader, Renderer
from plugins.errors import KnownError
from plugins.manifest.declarations import ReaderManifest, RendererManifest, ToolManifest
from plugins.tool import Tool

Manifest = RendererManifest | ReaderManifest | ToolManifest
Part = TypeVar("Part", Renderer, Reader, Tool)


class SuspendedError(KnownError):
    """A plugin that is switched on and not used all the same, since it ended the process before."""

    default_kind = "plugin"

    def __init__(self, plugin: str) -> None:
        super().__init__(
            "its plugin {plugin} ended the engine before and is not used again until Medley is "
            "started anew; switch it off for good with `medley plugins disable {plugin}`, or "
            "install a newer version of it.",
            plugin=plugin,
        )
        self.plugin = plugin


def load(renderer: RendererManifest) -> type[Renderer]:
    """Import the renderer's class.

    Raises:
        KnownError: its plugin is off, cannot be imported, or is not what its manifest says.
    """
    found = _imported(f"renderer {renderer.id}", renderer, Renderer)  # type: ignore[type-abstract]
    said = (getattr(found, "id", None), getattr(found, "modality", None))
    _agree(f"renderer {renderer.id}", renderer, (renderer.id, renderer.modality), said)
    return found


def load_reader(reader: ReaderManifest) -> type[Reader]:
    """Import the reader's class.

    Raises:
        KnownError: its plugin is off, cannot be imported, or is not what its manifest says.
    """
    found = _imported(f"reader {reader.id}", reader, Reader)  # type: ignore[type-abstract]
    said = (getattr(found, "id", None), getattr(found, "modalities", None))
    _agree(f"reader {reader.id}", reader, (reader.id, reader.modalities), said)
    return found


def load_tool(tool: ToolManifest) -> type[Tool]:
    """Import the tool's class.

    Raises:
        KnownError: its plugin is off, cannot be imported, or is not what its manifest says.
    """
    found = _imported(f"tool {tool.name}", tool, Tool)  # type: ignore[type-abstract]
    _agree(f"tool {tool.name}", tool, (tool.name,), (getattr(found, "name", None),))
    return found


def _imported(what: str, manifest: Manifest, base: type[Part]) -> type[Part]:
    if not manifest.enabled:
        raise KnownError(
            "{what}: its plugin {plugin} is off; switch it on first: medley plugins enable "
            "{plugin_2}.",
            "plugin",
            what=what,
            plugin=repr(manifest.plugin),
            plugin_2=manifest.plugin,
        )
    module_name, _, class_name = manifest.python_name.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except Exception as error:  # importing runs the plugin's own code
        raise KnownError(
            "{what}: {python_name} cannot be imported ({error_type}: {error}); reinstall or "
            "switch off {plugin}.",
            "plugin",
            what=what,
            python_name=manifest.python_name,
            error_type=type(error).__name__,
            error=error,
            plugin=repr(manifest.plugin),
        ) from error
    if not isinstance(found, type) or not issubclass(found, base):
        raise KnownError(
            "{what}: expected {python_name} to be a subclass of plugins.api.{type_name}, "
            "found {found}; switch off {plugin}.",
            "plugin",
            what=what,
            python_name=manifest.python_name,
            type_name=base.__name__,
            found=repr(found),
            plugin=repr(manifest.plugin),
        )
    return found


def _agree(
    what: str,
    manifest: Manifest,
    declared: tuple[object, ...],
    said: tuple[object, ...],
) -> None:
    if said != declared:
        raise KnownError(
            "{what}: the manifest says {declared}, {python_name} says {said}; update {plugin}.",
            "plugin",
            what=what,
            declared=declared,
            python_name=manifest.python_name,
            said=said,
            plugin=repr(manifest.plugin),
        )
