"""Verifies a bundle: its manifest, every file's hash, and every component by loading it strictly.

Imports torch and llama.cpp; what only lists or opens bundles must not import this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError
from plugins.manifest import Discovery, discover
from plugins.manifest import load as load_plugin
from plugins.stage import RenderStage
from runtime.bundle import checks
from runtime.bundle.bundle import Bundle, read_manifest
from runtime.bundle.checks import MANIFEST_FILE
from runtime.bundle.proofs import Proofs
from runtime.components import load

_CHECK_CONTEXT = 64
"""Positions of the context that a check makes: enough to see that the model loads."""


@dataclass(frozen=True)
class CheckLine:
    """The outcome of one check of `verify_bundle`."""

    what: str
    """A file or a part."""
    problem: str | None = None
    """None when it is as it should be."""


@dataclass(frozen=True)
class BundleReport:
    """The findings of `verify_bundle`, file by file and component by component."""

    folder: Path
    lines: tuple[CheckLine, ...]

    @property
    def ok(self) -> bool:
        """True if there are no problems."""
        return not any(line.problem for line in self.lines)


def verify_bundle(
    folder: Path,
    progress: Callable[[CheckLine], None] | None = None,
    enabled_plugins: Collection[str] = (),
) -> BundleReport:
    """Check everything: manifest, every file's hash, then every part by loading it strictly.

    `progress` gets every line as soon as it is known. Parts are tried only when the files are
    right, so that nothing is loaded from a file that is not what it should be. A decoder whose
    renderer comes with a plugin can be tried only when that is among `enabled_plugins`.
    """
    lines: list[CheckLine] = []

    def note(what: str, problem: str | None) -> None:
        lines.append(CheckLine(what, problem))
        if progress is not None:
            progress(lines[-1])

    try:
        manifest = read_manifest(folder)
    except KnownError as error:
        note(MANIFEST_FILE, str(error))
        return BundleReport(folder, tuple(lines))
    contradictions = checks.manifest_problems(manifest)
    note(MANIFEST_FILE, "; ".join(map(str, contradictions)) or None)
    proofs = Proofs()
    for path in sorted(manifest.files):
        wrong = checks.path_problem(path)
        wrong = wrong or checks.file_problem(folder, path, manifest, proofs.renew)
        note(path, None if wrong is None else str(wrong))
    proofs.save()
    for problem in checks.unlisted_problems(folder, manifest):
        note(str(problem.arguments["path"]), str(problem))
    if not any(line.problem for line in lines):
        _verify_parts(Bundle(manifest, folder), note, enabled_plugins)
    return BundleReport(folder, tuple(lines))


def _verify_parts(
    bundle: Bundle, note: Callable[[str, str | None], None], enabled_plugins: Collection[str]
) -> None:

    for what, check in _checks(bundle, enabled_plugins):
        try:
            check()
        except KnownError as error:
            note(what, str(error))
        else:
            note(what, None)


def _checks(
    bundle: Bundle, enabled_plugins: Collection[str] = ()
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every part by name, with what loads it strictly on the processor and lets it go again."""
    found = discover(enabled_plugins)
    if bundle.manifest.language_model.upstream is None:
        yield "language model", lambda: _check_language_model(bundle)
    if bundle.manifest.encoder is not None:
        yield "encoder", lambda: load.encoder(bundle)
        yield "input projection", lambda: load.input_projection(bundle)
    if bundle.manifest.media_embedder is not None:
        yield "media encoder", lambda: _check_mmproj(bundle)
    if bundle.manifest.familiarity is not None:
        yield "familiarity", lambda: load.familiarity(bundle)
    for modality, signal in bundle.manifest.signals.items():
        if signal.projection:
            yield f"output projection {modality}", _bound(load.output_projection, bundle, modality)
        yield f"decoder {modality}", _bound(_check_decoder, bundle, modality, found)


def _bound(check: Callable[..., object], *given: object) -> Callable[[], object]:
    return lambda: check(*given)


def _check_language_model(bundle: Bundle) -> None:
    n_ctx = min(_CHECK_CONTEXT, bundle.manifest.language_model.n_ctx)
    with closing(load.language_model(bundle, n_ctx=n_ctx)):
        load.signal_rows(bundle)


def _check_mmproj(bundle: Bundle) -> None:
    with (
        closing(load.language_model(bundle, n_ctx=_CHECK_CONTEXT)) as model,
        closing(load.media_model(bundle, model)),
    ):
        pass


def _check_decoder(bundle: Bundle, modality: str, known: Discovery) -> None:
    signal = bundle.signal(modality)
    renderer = load_plugin(known.renderer(signal.renderer))(bundle.decoder(modality))
    renderer.prepare(RenderStage(seed=0))
    if signal.condition_shape:
        found = renderer.condition_targets(["a"]).shape[1:]
        if found != signal.condition_shape:
            raise KnownError(
                "signal {modality}: expected conditions of the shape {condition_shape}, as "
                "its manifest says, found that its decoder takes {found}. Install the bundle "
                "again.",
                modality=modality,
                condition_shape=list(signal.condition_shape),
                found=list(found),
            )
