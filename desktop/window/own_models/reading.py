"""What is known of the bundles and models on this machine, read off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.window.sentences import told
from desktop.window.settings.bundle_facts import BundleFacts, read_bundles
from plugins.errors import KnownError, phrase
from runtime.bundle.bundle import EMBEDDED, Bundle, composed_folder, read_manifest
from runtime.bundle.links import gone_targets
from runtime.catalogue import added
from runtime.catalogue.added import Added
from runtime.catalogue.entry import groups
from runtime.self_test import kept
from runtime.self_test.outcomes import SelfTest


@dataclass(frozen=True)
class Known:
    """A bundle, or a model that was added and has none."""

    name: str
    title: str
    folder: Path
    path: str
    """Where the person's own files are; the folder where they are a bundle's; empty for what comes
    with Medley."""
    purpose: str
    is_bundle: bool
    removable: bool
    bytes: int
    modalities: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    problem: str = ""
    test: SelfTest | None = None


@dataclass(frozen=True)
class Weight:
    """What a bundle takes of the memory."""

    needs: int
    """Bytes, of a turn at most."""
    free: int
    n_ctx: int
    """Positions of the context that fits; 0 where not even the model does."""


def read(folders: Iterable[str]) -> list[Known]:
    """Everything there is, what a person added or composed first."""
    own = {model.name: model for model in added.added()}
    bundles = read_bundles(folders)
    named = {facts.name for facts in bundles}
    alone = [_model(model) for name, model in own.items() if name not in named]
    found = [*(_bundle(facts, own.get(facts.name)) for facts in bundles), *alone]
    return sorted(found, key=lambda one: not one.removable)


def weigh(folder: Path) -> Weight | None:
    """What a bundle takes of the memory; None where its files cannot be read."""
    from runtime.needs import available_bytes
    from runtime.needs.fit import table
    from runtime.needs.places import Places, default_budget

    free = available_bytes()
    try:
        bundle = Bundle(read_manifest(folder), folder)
        fit, needs = table(bundle, Places(default_budget(free, "cpu")))
    except (KnownError, OSError):
        return None
    return Weight(needs.largest_turn.ram, free, 0 if fit is None else fit.n_ctx)


def _bundle(facts: BundleFacts, model: Added | None) -> Known:
    problem = facts.problem or next(_gone(facts.folder), "")
    return Known(
        name=facts.name,
        title=f"{facts.title} {facts.version}".strip() if model is None else facts.title,
        folder=facts.folder,
        path=_path(facts, model),
        purpose="talk",
        is_bundle=True,
        removable=_is_own(facts.name),
        bytes=facts.bytes,
        modalities=facts.modalities,
        licences=facts.licences,
        problem=problem,
        test=kept.of(facts.folder),
    )


def _model(model: Added) -> Known:
    problem = added.problem(model)
    return Known(
        name=model.name,
        title=model.title,
        folder=Path(model.path),
        path=model.path,
        purpose=model.purpose,
        is_bundle=False,
        removable=True,
        bytes=model.bytes,
        licences=(model.licence,) if model.licence else (),
        problem="" if problem is None else told(problem),
    )


def _path(facts: BundleFacts, model: Added | None) -> str:
    if model is not None:
        return model.path
    return "" if facts.name == EMBEDDED else str(facts.folder)


def _is_own(name: str) -> bool:
    """Whether a bundle was composed by the person; the starter goes with its models."""
    return name not in groups() and composed_folder(name) is not None


def _gone(folder: Path) -> Iterator[str]:
    return (told(phrase("{path} is gone", path=path)) for path in gone_targets(folder))
