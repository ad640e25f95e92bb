"""The tools of plugins, Medley's own among them, as a source. A plugin's code is imported here and
nowhere else."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from desktop.tools.protocol import Configure, ToolInfo
from desktop.tools.source import Job, Offer, Outcome, definition_of
from desktop.tools.stage import CallStage
from plugins.errors import KnownError, Problem, phrase, problem_of
from plugins.manifest import BUILT_IN, ToolManifest, discover, load_tool
from plugins.tool import Tool, ToolOutput, ToolPreview

LIMIT_S = 120.0
"""The longest call."""
_Key = tuple[str, str]
"""A plugin's name and a tool's."""


class PluginTools:
    """Implements `desktop.tools.source.ToolSource`."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._offer = Offer(complete=False)
        self._loaded: dict[_Key, Tool | Problem] = {}
        self._wishes: queue.SimpleQueue[tuple[str, ...]] = queue.SimpleQueue()
        self._unmet = 0
        threading.Thread(target=self._follow, name="tools-load", daemon=True).start()

    def configure(self, wish: Configure) -> None:
        """Import what is switched on and not there yet, on a thread of its own."""
        with self._lock:
            self._unmet += 1
            self._offer = replace(self._offer, complete=False)
        self._wishes.put(wish.plugins)

    def offer(self) -> Offer:
        """The tools that can be called now."""
        return self._offer

    def time_limit(self, tool: ToolInfo) -> float:
        """The same for all."""
        return LIMIT_S

    def preview(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> ToolPreview | None:
        """What a call would do."""
        return self._tool(tool).preview(arguments, CallStage(job))

    def call(self, tool: ToolInfo, arguments: Mapping[str, Any], job: Job) -> Outcome:
        """Call the tool."""
        output = self._tool(tool).call(arguments, CallStage(job))
        if not isinstance(output, ToolOutput):
            raise TypeError(f"expected a ToolOutput, found {type(output).__name__}")
        return Outcome(output.text, output.files, output.undo)

    def undo(self, tool: ToolInfo, state: str, job: Job) -> Outcome:
        """Take a call back."""
        return Outcome(self._tool(tool).undo(state, CallStage(job)))

    def close(self, seconds: float) -> None:
        """Nothing was started."""

    def _tool(self, tool: ToolInfo) -> Tool:
        found = self._loaded[tool.server, tool.name]
        if isinstance(found, Problem):
            raise KnownError(found)
        return found

    def _follow(self) -> None:
        """The thread that imports: Medley's own tools first, then plugin by plugin, so that one
        that takes long keeps nobody else waiting."""
        while True:
            enabled = self._wishes.get()
            found = discover(enabled)
            problems = [phrase("{what}", what=one.what) for one in found.problems]
            wanted = [tool for tool in found.tools if tool.enabled]
            with self._lock:
                self._unmet -= 1
            plugins = list(dict.fromkeys([BUILT_IN, *(tool.plugin for tool in wanted)]))
            for plugin in plugins:
                for tool in wanted:
                    if tool.plugin == plugin:
                        self._load(tool)
                self._publish(wanted, problems, plugin == plugins[-1])

    def _publish(self, wanted: list[ToolManifest], problems: list[Problem], last: bool) -> None:
        loaded = [(one, self._loaded.get((one.plugin, one.name))) for one in wanted]
        missing = [found for _, found in loaded if isinstance(found, Problem)]
        tools = tuple(_info(one) for one, found in loaded if isinstance(found, Tool))
        with self._lock:
            complete = last and not self._unmet
            self._offer = Offer(tools, problems=(*problems, *missing), complete=complete)
        self._changed()

    def _load(self, manifest: ToolManifest) -> None:
        key = (manifest.plugin, manifest.name)
        if isinstance(self._loaded.get(key), Tool):
            return
        try:
            tool = load_tool(manifest)()
            self._loaded[key] = tool.missing() or tool
        except KnownError as error:
            self._loaded[key] = error.problem
        except Exception as error:  # noqa: BLE001  making it runs the plugin's own code
            self._loaded[key] = phrase(
                "the tool {tool} cannot be made ({error}); reinstall or switch off {plugin}.",
                tool=manifest.name,
                error=problem_of(error),
                plugin=manifest.plugin,
            )


def _info(tool: ToolManifest) -> ToolInfo:
    return ToolInfo(
        tool.plugin,
        tool.name,
        tool.title,
        tool.description,
        tool.parameters,
        definition_of(tool.name, tool.description, tool.parameters),
        tool.touches,
        tool.asks,
        foreign_text=tool.reads_foreign_text,
        titles=dict(tool.titles),
    )
