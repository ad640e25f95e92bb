"""Opens an engine: the only place that makes one, whoever is to be answered by it.

Knows bundles, the engine and which plugins the person switched on. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import Problem
from plugins.switches import enabled_plugins
from runtime import starter
from runtime.bundle.bundle import AUTOMATIC, DEFAULT_BUNDLE, STARTER, Bundle, find_bundle
from runtime.engine import Engine
from runtime.process.processor import check_processor


@dataclass(frozen=True)
class EngineOptions:
    """The options of an engine."""

    bundle: str | Path | Bundle = DEFAULT_BUNDLE
    """A name, a folder, or a bundle that is open already."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda`, `cuda:N` or `mps`."""
    memory_budget: int | None = None
    """Bytes of the device's memory for everything that is loaded; None is most of what is free."""
    threads: int | None = None
    """The number of threads to compute with; None for the number of physical cores."""
    enabled_plugins: Collection[str] | None = None
    """Names of third-party plugins that may run; None is those that the person switched on."""
    suspended_plugins: Collection[str] = ()
    """Names of plugins that are switched on and not to be used all the same, since they ended the
    engine's process before."""


def open_bundle(wanted: str | Path | Bundle) -> Bundle:
    """A checked bundle by its name or folder. The starter is first composed again if its components
    or its recipe have changed.

    Raises:
        KnownError: no such bundle, or it is broken.
    """
    if isinstance(wanted, Bundle):
        return wanted
    if str(wanted) in (AUTOMATIC, STARTER):
        starter.compose()
    return Bundle.open(find_bundle(wanted))


def open_engine(
    options: EngineOptions,
    *,
    on_load: Callable[[str], None] | None = None,
    on_work: Callable[[str, str], None] | None = None,
    on_notice: Callable[[Problem], None] | None = None,
) -> Engine:
    """An engine on a bundle; no weights are loaded before they are needed.

    Args:
        options: which engine.
        on_load: told the name of each part before it is loaded.
        on_work: told the id of the renderer whose code is about to run and the name of the plugin
            that brought it, empty for Medley's own, and two empty texts when it ended.
        on_notice: told what the person should know of how the language model was loaded.

    Raises:
        KnownError: no such bundle, a broken one, the choice of plugins cannot be read, or the
            processor is too old for an installed program.
    """
    check_processor()
    bundle = open_bundle(options.bundle)
    chosen = options.enabled_plugins
    return Engine(
        bundle,
        device=options.device,
        memory_budget=options.memory_budget,
        threads=options.threads,
        enabled_plugins=enabled_plugins() if chosen is None else chosen,
        suspended_plugins=options.suspended_plugins,
        on_load=on_load,
        on_work=on_work,
        on_notice=on_notice,
    )
