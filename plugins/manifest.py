"""Static plugin manifests: which renderers and readers there are, read without importing a plugin.

A plugin is a distribution with an entry point in the group `medley.plugins` (its name is the
plugin's name, its value the package) and a file `medley-plugin.toml`. Third-party plugins are off
until their name is enabled; a plugin's code is imported by `load`, on first use. Knows no torch.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from plugins.api import Reader, Renderer
from plugins.errors import KnownError

GROUP = "medley.plugins"
FILE = "medley-plugin.toml"
BUILT_IN = "medley"
MAX_BYTES = 65536

Purpose = Literal["hear", "see", "read", ""]
"""The purpose of a reader's model, as in the catalogue of models; empty for no model."""
Part = TypeVar("Part", Renderer, Reader)


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


class _RendererTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    modality: str
    python_name: str
    signal_tokens: int
    description: str
    pipelines: tuple[str, ...] = ()


class _ReaderTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    modalities: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    python_name: str
    description: str
    model: Purpose = ""


class _PluginTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    version: str
    renderers: tuple[_RendererTable, ...] = ()
    readers: tuple[_ReaderTable, ...] = ()


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


@dataclass(frozen=True)
class PluginManifest:
    """One plugin."""

    name: str
    version: str
    enabled: bool
    built_in: bool
    renderers: tuple[RendererManifest, ...]
    readers: tuple[ReaderManifest, ...] = ()


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
    def readers(self) -> tuple[ReaderManifest, ...]:
        """Every plugin's readers, enabled or not, the built-in ones first."""
        return tuple(reader for plugin in self.plugins for reader in plugin.readers)


def discover(enabled: Collection[str] = ()) -> Discovery:
    """Read the manifests of the built-in renderers and readers and of every installed plugin.

    Args:
        enabled: names of the third-party plugins that the person switched on.

    Returns:
        The manifests, the built-in one first, then by name. Nothing is imported, and a broken
        plugin becomes a problem instead of an error.
    """
    built_in = resources.files("plugins").joinpath(FILE).read_bytes()
    found = [_parse(built_in, BUILT_IN, enabled=True)]
    taken = dict.fromkeys(_ids(found[0]), BUILT_IN)
    problems: list[Problem] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            plugin = _parse(_read(entry), entry.name, enabled=entry.name in enabled)
            _check_ids(plugin, taken, [other.name for other in found])
        except KnownError as error:
            problems.append(Problem(entry.name, str(error)))
            continue
        found.append(plugin)
        taken |= dict.fromkeys(_ids(plugin), plugin.name)
    return Discovery(tuple(found), tuple(problems))


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


def _imported(
    what: str, manifest: RendererManifest | ReaderManifest, base: type[Part]
) -> type[Part]:
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
    manifest: RendererManifest | ReaderManifest,
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


def _parse(data: bytes, name: str, *, enabled: bool) -> PluginManifest:
    try:
        table = msgspec.toml.decode(data, type=_PluginTable)
    except (msgspec.DecodeError, ValueError) as error:
        raise KnownError(
            "plugin {name}: {file} is not a manifest ({error}); reinstall the plugin.",
            name=name,
            file=FILE,
            error=error,
        ) from error
    if table.name != name:
        raise KnownError(
            "plugin {name}: expected this name in {file}, found {table}; reinstall the plugin.",
            name=name,
            file=FILE,
            table=repr(table.name),
        )
    renderers = tuple(
        RendererManifest(plugin=name, enabled=enabled, **msgspec.structs.asdict(renderer))
        for renderer in table.renderers
    )
    readers = tuple(
        ReaderManifest(plugin=name, enabled=enabled, **msgspec.structs.asdict(reader))
        for reader in table.readers
    )
    for renderer in renderers:
        _check_names(f"renderer {renderer.id!r}", renderer, (renderer.modality,))
    for reader in readers:
        _check_names(f"reader {reader.id!r}", reader, reader.modalities)
    return PluginManifest(name, table.version, enabled, name == BUILT_IN, renderers, readers)


def _check_names(
    what: str, part: RendererManifest | ReaderManifest, modalities: tuple[str, ...]
) -> None:
    module, _, cls = part.python_name.partition(":")
    if not module or not cls.isidentifier() or not part.id or not all(modalities):
        raise KnownError(
            "plugin {plugin}: {what} needs an id, a modality and a python_name like "
            "'module:Class', found {python_name}; update the plugin.",
            plugin=part.plugin,
            what=what,
            python_name=repr(part.python_name),
        )


def _check_ids(plugin: PluginManifest, taken: dict[str, str], names: list[str]) -> None:
    if plugin.name in names:
        raise KnownError(
            "plugin {plugin}: the name is taken; remove one of the two.", plugin=plugin.name
        )
    own = _ids(plugin)
    if not own:
        raise KnownError(
            "plugin {plugin}: expected a renderer or a reader in {file}, found neither; "
            "update the plugin.",
            plugin=plugin.name,
            file=FILE,
        )
    for part in own:
        if part in taken:
            raise KnownError(
                "plugin {plugin}: {part} already comes with {taken}; remove one of the two.",
                plugin=plugin.name,
                part=part,
                taken=taken[part],
            )
        if own.count(part) > 1:
            raise KnownError(
                "plugin {plugin}: {part} stands twice in {file}; update the plugin.",
                plugin=plugin.name,
                part=part,
                file=FILE,
            )


def _ids(plugin: PluginManifest) -> list[str]:
    """The ids of a plugin's renderers and readers; no two plugins may share one."""
    return [renderer.id for renderer in plugin.renderers] + [r.id for r in plugin.readers]


def _read(entry: EntryPoint) -> bytes:
    """The manifest's bytes, from the distribution's own list of files or the package's folder."""
    for path in _candidates(entry):
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError:
            continue
        if len(data) > MAX_BYTES:
            raise KnownError(
                "plugin {entry}: {file} is larger than {max_bytes} bytes; update the plugin.",
                entry=entry.name,
                file=FILE,
                max_bytes=MAX_BYTES,
            )
        return data
    raise KnownError(
        "plugin {entry}: it ships no {file}; reinstall or update the plugin.",
        entry=entry.name,
        file=FILE,
    )


def _candidates(entry: EntryPoint) -> list[Path]:
    paths: list[Path] = []
    if entry.dist is not None:
        files = entry.dist.files or []
        paths += [Path(str(entry.dist.locate_file(f))) for f in files if f.name == FILE]
    try:
        # Only the top-level package is looked up: finding a submodule would import its parents.
        spec = importlib.util.find_spec(entry.module.partition(".")[0])
    except (ImportError, ValueError):
        spec = None
    if spec is not None:
        paths += [Path(folder) / FILE for folder in spec.submodule_search_locations or ()]
    return paths
