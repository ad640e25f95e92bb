"""What an alignment learned beside a language model, as a few small files: a delta, and the bundle
that it makes of the model.

A delta holds LoRA's matrices, the rows of signal tokens, both kinds of projections and a manifest
without files. The language model and the encoder and decoders of another bundle stay where they
are; of the model a changed copy is made once, and everything else is linked. Knows GGUF files and
safetensors; loads no model.

Legend: S signal tokens, D model width, R rank of LoRA, [O, I] a matrix of the language model.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import tomli_w
from numpy.typing import NDArray

from plugins.errors import KnownError
from plugins.printable import shown
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import Manifest
from runtime.bundle.proofs import Proofs
from runtime.bundle.write import without_none
from runtime.composition.compose import (
    Composition,
    Tell,
    bundle_folder,
    compose,
    folder_files,
)

if TYPE_CHECKING:
    from runtime.composition.gguf_rewrite import Stored

Float32 = NDArray[np.float32]
Change = Callable[["Stored"], "Stored"]
FORMAT: Final = 1
HEAD, WEIGHTS = "delta.toml", "delta.safetensors"
MANIFEST: Final = "manifest.toml"
EMBEDDING, OUTPUT = "token_embd.weight", "output.weight"
ROWS, DOWN, UP = ".rows", ".lora_down", ".lora_up"
"""Endings of names in `delta.safetensors`: [S, D] rows of a matrix, [R, I] and [O, R]."""
_TYPES = "tokenizer.ggml.token_type"


class DeltaHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a delta belongs to."""

    format: int
    model: str
    """Name of the language model in the catalogue; empty for one that a person has."""
    file: str
    """Name of its GGUF file."""
    sha256: str
    size: int
    """Bytes."""
    parts: str
    """The bundle whose encoder and decoders it was aligned with."""
    tokens: tuple[int, ...]
    """Ids of the signal tokens, in the order of the rows."""


def write_delta(
    folder: Path,
    head: DeltaHead,
    manifest: Manifest,
    weights: Mapping[str, NDArray[np.float16]],
    files: Mapping[str, bytes],
) -> None:
    """Write a delta.

    Args:
        folder: is made.
        head: what it belongs to.
        manifest: of the bundle, its files left out.
        weights: by the name of a GGUF tensor and one of the endings.
        files: the projections, by their paths in the bundle.

    Raises:
        OSError: the disk refuses.
    """
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEAD).write_text(tomli_w.dumps(without_none(msgspec.to_builtins(head))), "utf-8")
    (folder / MANIFEST).write_text(
        tomli_w.dumps(without_none(msgspec.to_builtins(manifest))), "utf-8"
    )
    (folder / WEIGHTS).write_bytes(save(dict(weights)))
    for path, content in files.items():
        (folder / path).write_bytes(content)


def apply_delta(delta: Path, base: Path, name: str = "", tell: Tell | None = None) -> Path:
    """Make a bundle of a delta and the language model that it belongs to.

    Args:
        delta: the delta's folder.
        base: the GGUF file.
        name: of the bundle; by default the delta's own.
        tell: how far the composition is.

    Returns:
        The bundle's folder; the bundle of this name is replaced.

    Raises:
        KnownError: the delta is broken or of another language model, or the disk refuses.
    """
    head, manifest = read_delta(delta)
    _check_base(delta, head, base)
    if name:
        manifest = msgspec.structs.replace(manifest, name=name)
    folder = bundle_folder(manifest.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{manifest.name}+") as staged:
        model = Path(staged) / manifest.language_model.file
        write_model(base, model, delta, head)
        files = sources(delta, head, manifest, model)
        return compose(Composition(manifest, files), how="link or copy", replace=True, tell=tell)


def find_base(delta: Path, head: DeltaHead) -> Path:
    """The language model that a delta is of, among the fetched ones.

    Raises:
        KnownError: it is not here.
    """
    from runtime.catalogue import store

    for installed in store.installed("talk"):
        for file in installed.entry.files:
            if file.sha256 == head.sha256:
                return installed.folder / file.path
    raise KnownError(
        "{delta}: expected the language model {file} among the fetched models, found others. "
        "Fetch it with `medley models get {model}`, or name the file with --talk.",
        delta=shown(delta),
        file=head.file,
        model=head.model or "starter-small",
    )


def read_delta(delta: Path) -> tuple[DeltaHead, Manifest]:
    """The head and the manifest of a delta.

    Raises:
        KnownError: the files are not there or broken, or of a newer Medley.
    """
    head = _decoded(delta / HEAD, DeltaHead)
    if head.format != FORMAT:
        raise KnownError(
            "{path}: expected format {format}, found {found}. Get a Medley that is as new as it.",
            path=shown(delta / HEAD),
            format=FORMAT,
            found=head.format,
        )
    return head, _decoded(delta / MANIFEST, Manifest)


def write_model(base: Path, target: Path, delta: Path, head: DeltaHead) -> None:
    """The language model with what the delta learned; matrices that LoRA changed become Q8_0.

    Raises:
        KnownError: a tensor does not fit.
    """
    import gguf
    from safetensors.numpy import load_file

    from runtime.composition.gguf_rewrite import rewrite_gguf

    weights = {key: array.astype(np.float32) for key, array in load_file(delta / WEIGHTS).items()}

    def field(key: str, value: Any) -> Any:
        if key != _TYPES:
            return value
        kinds = list(value)
        for token in head.tokens:
            kinds[token] = int(gguf.TokenType.CONTROL)
        return kinds

    rewrite_gguf(base, target, tensors=_changes(delta, head, weights), field=field)


def _changes(delta: Path, head: DeltaHead, weights: Mapping[str, Float32]) -> dict[str, Change]:
    """What becomes of each tensor that the delta changes."""
    changes: dict[str, Change] = {}
    for key, array in weights.items():
        if key.endswith(ROWS):
            changes[key.removesuffix(ROWS)] = _with_rows(delta, head.tokens, array)
        elif key.endswith(UP):
            name = key.removesuffix(UP)
            changes[name] = _with_lora(delta, name, array, weights[name + DOWN])
    return changes


def _with_rows(delta: Path, tokens: tuple[int, ...], rows: Float32) -> Change:
    import gguf

    def changed(old: Stored) -> Stored:
        if max(tokens) >= len(old.data) or len(rows) != len(tokens):
            raise _unfit(delta, f"{len(old.data)} rows")
        data = np.array(old.data)
        try:
            data[list(tokens)] = gguf.quants.quantize(rows, _kind(old))
        except gguf.quants.QuantError:  # It can be read, but not written here.
            whole = old.numbers()
            whole[list(tokens)] = rows
            return _in_bytes(whole)
        return _stored(data, _kind(old))

    return changed


def _with_lora(delta: Path, name: str, up: Float32, down: Float32) -> Change:
    def changed(old: Stored) -> Stored:
        whole = old.numbers()
        if whole.shape != (len(up), down.shape[1]):
            raise _unfit(delta, f"{name} of {list(whole.shape)}")
        return _in_bytes(whole + up @ down)

    return changed


def _kind(stored: Stored) -> Any:
    import gguf

    return gguf.GGMLQuantizationType.F32 if stored.kind is None else stored.kind


def _in_bytes(whole: Float32) -> Stored:
    import gguf

    kind = gguf.GGMLQuantizationType.Q8_0
    return _stored(gguf.quants.quantize(whole, kind), kind)


def _stored(data: NDArray[Any], kind: Any) -> Stored:
    from runtime.composition.gguf_rewrite import Stored

    return Stored(data, kind)


def sources(delta: Path, head: DeltaHead, manifest: Manifest, model: Path) -> dict[str, Path]:
    """Where each file of the bundle comes from, by its path in the bundle.

    Raises:
        KnownError: the bundle with the encoder and the decoders is not there.
    """
    other = Bundle.open(find_bundle(head.parts), verify="size")
    files = {manifest.language_model.file: model}
    if manifest.encoder is not None and other.manifest.encoder is not None:
        files[manifest.encoder.file] = other.path(other.manifest.encoder.file)
    if manifest.input_projection is not None:
        path = manifest.input_projection.file
        files[path] = delta / path
    for modality, spec in manifest.signals.items():
        files[spec.projection] = delta / spec.projection
        if spec.decoder:
            theirs = other.path(other.manifest.signals[modality].decoder)
            files |= folder_files(theirs, spec.decoder)
    return files


def _check_base(delta: Path, head: DeltaHead, base: Path) -> None:
    if not base.is_file():
        raise KnownError(
            "{base}: expected the language model {file}, found no file. Name the file.",
            base=shown(base),
            file=head.file,
        )
    if base.stat().st_size != head.size or Proofs().sha256(base) != head.sha256:
        raise KnownError(
            "{base}: expected the language model {file} to which {delta} belongs, found another. "
            "Get that one, for example with `medley models get {model}`.",
            base=shown(base),
            file=head.file,
            delta=shown(delta),
            model=head.model or "starter-small",
        )


def _unfit(delta: Path, found: str) -> KnownError:
    return KnownError(
        "{delta}: expected matrices of the language model that it belongs to, found {found}. Get "
        "it again from its source.",
        delta=shown(delta),
        found=found,
    )


def _decoded(path: Path, kind: Any) -> Any:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise KnownError(
            "{path}: expected a file of a delta, found one that cannot be read ({error}). Get the "
            "delta again from its source.",
            path=shown(path),
            error=error,
        ) from error
