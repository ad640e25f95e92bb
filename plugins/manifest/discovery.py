"""Finds plugins by their static manifests, without importing one. Knows no torch."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Collection
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated

import msgspec

from plugins.errors import KnownError
from plugins.manifest.declarations import (
    Discovery,
    PluginManifest,
    Problem,
    Purpose,
    ReaderManifest,
    RendererManifest,
    ToolManifest,
)
from plugins.tool import Asks, Touch

GROUP = "medley.plugins"
FILE = "medley-plugin.toml"
BUILT_IN = "medley"
MAX_BYTES = 65536
_TOOL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,47}")
_MOST_DESCRIPTION = 1024


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


class _ToolTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    title: str
    description: str
    python_name: str
    parameters: str
    titles: dict[str, str] = {}
    touches: Annotated[tuple[Touch, ...], msgspec.Meta(min_length=1)] = ("anything",)
    asks: Asks = "once"
    reads_foreign_text: bool = False


class _PluginTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    version: str
    renderers: tuple[_RendererTable, ...] = ()
    readers: tuple[_ReaderTable, ...] = ()
    tools: tuple[_ToolTable, ...] = ()


def discover(enabled: Collection[str] = ()) -> Discovery:
    """Read the manifests of what is built in and of every installed plugin.

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
    tools = tuple(
        ToolManifest(plugin=name, enabled=enabled, **msgspec.structs.asdict(tool))
        for tool in table.tools
    )
    for renderer in renderers:
        _check_names(f"renderer {renderer.id!r}", renderer, (renderer.modality,))
    for reader in readers:
        _check_names(f"reader {reader.id!r}", reader, reader.modalities)
    for tool in tools:
        _check_tool(tool)
    built_in = name == BUILT_IN
    return PluginManifest(name, table.version, enabled, built_in, renderers, readers, tools)


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


def _check_tool(tool: ToolManifest) -> None:
    module, _, cls = tool.python_name.partition(":")
    described = 0 < len(tool.description) <= _MOST_DESCRIPTION and tool.title
    if not _TOOL_NAME.fullmatch(tool.name) or not described or not module or not cls.isidentifier():
        raise KnownError(
            "plugin {plugin}: the tool {tool} needs a name of at most 48 letters, digits and _, a "
            "title, a description of at most {most} characters and a python_name like "
            "'module:Class'; update the plugin.",
            plugin=tool.plugin,
            tool=repr(tool.name[:80]),
            most=_MOST_DESCRIPTION,
        )
    try:
        schema = json.loads(tool.parameters)
    except (ValueError, RecursionError):
        schema = None
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise KnownError(
            "plugin {plugin}: the parameters of the tool {tool} are no JSON schema of an object; "
            "update the plugin.",
            plugin=tool.plugin,
            tool=repr(tool.name),
        )


def _check_ids(plugin: PluginManifest, taken: dict[str, str], names: list[str]) -> None:
    if plugin.name in names:
        raise KnownError(
            "plugin {plugin}: the name is taken; remove one of the two.", plugin=plugin.name
        )
    own = _ids(plugin)
    if not own:
        raise KnownError(
            "plugin {plugin}: expected a renderer, a reader or a tool in {file}, found none; "
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
    """The ids of a plugin's parts and the names of its tools; no two plugins may share one."""
    renderers, readers = (part.id for part in plugin.renderers), (r.id for r in plugin.readers)
    return [*renderers, *readers, *(tool.name for tool in plugin.tools)]


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
