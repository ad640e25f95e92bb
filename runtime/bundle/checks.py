"""Problems of a bundle that can be found without opening any weights. Knows no tensors.

Every function returns all problems it finds, each a phrase that names what and where.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from plugins.errors import Problem, phrase
from runtime.bundle.links import is_own_link
from runtime.bundle.manifest import FamiliaritySpec, Manifest, SignalSpec
from runtime.language_model.limits import N_BATCH
from runtime.language_model.text.fillers import alone

MANIFEST_FILE = "bundle.toml"
Verify = Literal["hash", "known", "size"]
"""`hash` reads every file, `known` only those that changed since they were read, `size` none."""

PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
_EMBEDDED = frozenset({"image", "audio"})
"""The modalities that a language model's own file for media can take; clips come as pictures."""
_DESKTOP_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"^[A-Za-z]:")


def files_in(folder: Path) -> Iterator[str]:
    """Every file below `folder` but the manifest, forward slashes, links not followed."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = (Path(root) / name).relative_to(folder).as_posix()
            if path != MANIFEST_FILE and name not in _DESKTOP_LITTER:
                yield path


def path_problem(path: str) -> Problem | None:
    """Why a manifest's path may not be used, or None."""
    pieces = path.split("/")
    if not path or {"\\", "\0"} & set(path) or _DRIVE.match(path) or {"", ".", ".."} & set(pieces):
        return phrase(
            "path {path} does not stay inside the bundle (plain relative paths only)",
            path=repr(path),
        )
    if Path(path).suffix.lower() in PICKLES:
        return phrase(
            "{path} is a pickle, which can run code (safetensors and GGUF only)", path=path
        )
    return None


def manifest_problems(manifest: Manifest) -> list[Problem]:
    """All contradictions within the manifest."""
    problems = [p for path in sorted(manifest.files) if (p := path_problem(path))]
    problems += _reference_problems(manifest)
    problems += _model_problems(manifest)
    if manifest.familiarity is not None:
        problems += _familiarity_problems(manifest, manifest.familiarity)
    problems += _choice_problems(manifest)
    problems += _call_problems(manifest)
    if "text" in manifest.signals:
        problems.append(phrase("signals.text: text is not a signal modality"))
    for modality, signal in manifest.signals.items():
        problems += [
            phrase("signal {modality}: {problem}", modality=modality, problem=p)
            for p in _signal_problems(manifest, signal)
        ]
    return problems + _token_problems(manifest)


def file_problem(
    folder: Path, path: str, manifest: Manifest, digest: Callable[[Path], str] | None
) -> Problem | None:
    """The problem of one listed file, or None. `digest` computes a file's SHA-256; with None only
    the size is checked."""
    full, expected = folder / path, manifest.files[path]
    if full.is_symlink() and not full.exists():
        return phrase(
            "{path} is a link to {target}, which is gone",
            path=path,
            target=os.path.realpath(full),
        )
    if not full.is_file():
        return phrase("{path} is listed but missing", path=path)
    if not full.resolve().is_relative_to(folder.resolve()) and not is_own_link(folder, path):
        return phrase("{path} is a link that leads out of the bundle", path=path)
    size = full.stat().st_size
    if size != expected.size:
        return phrase(
            "{path} has {size} bytes, expected {expected}",
            path=path,
            size=size,
            expected=expected.size,
        )
    if digest is not None and (found := digest(full)) != expected.sha256:
        return phrase(
            "{path} has SHA-256 {found}..., expected {expected}...",
            path=path,
            found=found[:12],
            expected=expected.sha256[:12],
        )
    return None


def unlisted_problems(folder: Path, manifest: Manifest) -> list[Problem]:
    """Files that lie in the folder although the manifest does not list them."""
    extra = sorted(set(files_in(folder)) - manifest.files.keys())
    return [
        phrase(
            "{path} is in the folder but not listed in {manifest_file}",
            path=path,
            manifest_file=MANIFEST_FILE,
        )
        for path in extra
    ]


def _reference_problems(manifest: Manifest) -> list[Problem]:
    needed = {manifest.language_model.file: "language_model.file"}
    if manifest.encoder is not None:
        needed[manifest.encoder.file] = "encoder.file"
    if manifest.input_projection is not None:
        needed[manifest.input_projection.file] = "input_projection.file"
    if manifest.media_embedder is not None:
        needed[manifest.media_embedder.file] = "media_embedder.file"
    if manifest.familiarity is not None:
        needed[manifest.familiarity.file] = "familiarity.file"
    for modality, signal in manifest.signals.items():
        if signal.projection:
            needed[signal.projection] = f"signals.{modality}.projection"
    problems = [
        phrase(
            "{where} needs {path}, which is not listed under files", where=where, path=repr(path)
        )
        for path, where in needed.items()
        if path not in manifest.files
    ]
    for modality, signal in manifest.signals.items():
        inside = f"{signal.decoder}/"
        if signal.decoder and not any(path.startswith(inside) for path in manifest.files):
            problems.append(
                phrase(
                    "signals.{modality}.decoder needs {inside}, of which nothing is "
                    "listed under files",
                    modality=modality,
                    inside=repr(inside),
                )
            )
    return problems


def _model_problems(manifest: Manifest) -> list[Problem]:
    model, problems = manifest.language_model, []
    for name in ("d_model", "n_vocab", "n_ctx", "max_new_tokens"):
        if (value := getattr(model, name)) <= 0:
            problems.append(
                phrase(
                    "language_model.{name} is {value}, expected more than 0", name=name, value=value
                )
            )
    if model.temperature < 0 or not 0 < model.top_p <= 1:
        problems.append(
            phrase(
                "language_model has temperature {temperature} and top_p {top_p}, "
                "expected at least 0 and within (0, 1]",
                temperature=model.temperature,
                top_p=model.top_p,
            )
        )
    if (manifest.encoder is None) != (manifest.input_projection is None):
        problems.append(phrase("encoder and input_projection must both be there or both be absent"))
    if manifest.media_embedder is not None:
        found = manifest.media_embedder.modalities
        if not found or not _EMBEDDED.issuperset(found):
            problems.append(
                phrase(
                    "media_embedder.modalities is {found}, expected image, audio or both",
                    found=", ".join(found) or "[]",
                )
            )
    return problems


def _choice_problems(manifest: Manifest) -> list[Problem]:
    choice, problems = manifest.media_choice, []
    if manifest.routing == "projected":
        if choice is not None:
            problems.append(phrase("media_choice is for captioned routing, found projected"))
        problems += [
            phrase(
                "signal {modality}: stand_ins are for captioned routing, found projected",
                modality=modality,
            )
            for modality, signal in manifest.signals.items()
            if signal.stand_ins
        ]
    if choice is None:
        return problems
    if unknown := choice.captions.keys() - manifest.signals.keys():
        problems.append(
            phrase(
                "media_choice.captions has no signals: {unknown}",
                unknown=", ".join(sorted(unknown)),
            )
        )
    if missing := {"text", *choice.captions} - {m for m, text in choice.answers.items() if text}:
        problems.append(
            phrase("media_choice.answers lacks {missing}", missing=", ".join(sorted(missing)))
        )
    if not (0 < choice.least <= 1 and 0 < choice.also <= 1):
        problems.append(
            phrase(
                "media_choice has least {least} and also {also}, expected within (0, 1]",
                least=choice.least,
                also=choice.also,
            )
        )
    return problems


def _call_problems(manifest: Manifest) -> list[Problem]:
    choice = manifest.call_choice
    if choice is None or (choice.words and 0 < choice.least <= 1 and 0 < choice.least_again <= 1):
        return []
    return [
        phrase(
            "call_choice has words {words}, least {least} and least_again {again}, expected a name "
            "and numbers within (0, 1]",
            words=repr(choice.words),
            least=choice.least,
            again=choice.least_again,
        )
    ]


def _familiarity_problems(manifest: Manifest, spec: FamiliaritySpec) -> list[Problem]:
    problems = []
    if manifest.encoder is None:
        problems.append(phrase("familiarity needs an encoder, of which there is none"))
    for modality, most in spec.thresholds.items():
        if not math.isfinite(most):
            problems.append(
                phrase(
                    "familiarity.thresholds.{modality} is {most}, expected a number",
                    modality=modality,
                    most=most,
                )
            )
    if spec.rows <= 0 or not 0 < spec.most_other <= 1:
        problems.append(
            phrase(
                "familiarity has rows {rows} and most_other {most_other}, expected above "
                "0 and within (0, 1]",
                rows=spec.rows,
                most_other=spec.most_other,
            )
        )
    if not spec.sentences:
        problems.append(
            phrase("familiarity.sentences is empty, expected those of one language or more")
        )
    for language, said in spec.sentences.items():
        missing = spec.thresholds.keys() - {m for m, text in said.unknown_medium.items() if text}
        if missing or not (said.unknown_words and said.nothing_shown):
            problems.append(
                phrase("familiarity.sentences.{language} leaves out a sentence", language=language)
            )
    return problems


def _signal_problems(manifest: Manifest, signal: SignalSpec) -> list[Problem]:
    problems = []
    if min(signal.condition_shape, default=1) <= 0:
        problems.append(
            phrase(
                "condition_shape is {condition_shape}, expected sizes above 0",
                condition_shape=list(signal.condition_shape),
            )
        )
    if manifest.routing == "captioned":
        if not (signal.caption_open and signal.caption_close):
            problems.append(phrase("captioned routing needs caption_open and caption_close"))
        if signal.token_ids or signal.projection:
            problems.append(phrase("captioned routing has no token_ids and no projection"))
        return problems + _native_problems(signal)
    if signal.native is not None:
        problems.append(phrase("native is for captioned routing, found projected"))
    if not (signal.token_ids and signal.projection and signal.condition_shape):
        problems.append(phrase("projected routing needs token_ids, projection and condition_shape"))
    if min(signal.d_hidden, signal.n_heads, signal.n_layers, signal.d_feedforward) <= 0:
        problems.append(phrase("d_hidden, n_heads, n_layers and d_feedforward must be above 0"))
    elif signal.d_hidden % signal.n_heads:
        problems.append(
            phrase(
                "d_hidden {d_hidden} does not divide by n_heads {n_heads}",
                d_hidden=signal.d_hidden,
                n_heads=signal.n_heads,
            )
        )
    return problems


def _native_problems(signal: SignalSpec) -> list[Problem]:
    native, problems = signal.native, list[Problem]()
    if native is None:
        return problems
    if not signal.decoder:
        problems.append(phrase("native routing needs a decoder, of which there is none"))
    if not native.layers or min(native.layers) < 1:
        problems.append(
            phrase(
                "native.layers is {layers}, expected numbers above 0", layers=list(native.layers)
            )
        )
    if not 0 < native.most_tokens <= N_BATCH:
        problems.append(
            phrase(
                "native.most_tokens is {count}, expected 1 to {most}",
                count=native.most_tokens,
                most=N_BATCH,
            )
        )
    return problems


def _token_problems(manifest: Manifest) -> list[Problem]:
    problems, owner = [], dict[int, str]()
    n_vocab = manifest.language_model.n_vocab
    for modality, signal in manifest.signals.items():
        own = alone(signal.token_ids)
        if signal.token_ids and signal.token_ids[0] not in own:
            problems.append(
                phrase(
                    "signal {modality}: token id {token} begins the signal and comes again in it",
                    modality=modality,
                    token=signal.token_ids[0],
                )
            )
        for token in dict.fromkeys(signal.token_ids):
            if not 0 <= token < n_vocab:
                problems.append(
                    phrase(
                        "signal {modality}: token id {token} is outside the vocabulary "
                        "of {n_vocab}",
                        modality=modality,
                        token=token,
                        n_vocab=n_vocab,
                    )
                )
            if token not in own:
                continue
            if token in owner:
                problems.append(
                    phrase(
                        "signal {modality}: token id {token} already belongs to {owner}",
                        modality=modality,
                        token=token,
                        owner=owner[token],
                    )
                )
            owner.setdefault(token, modality)
    return problems
