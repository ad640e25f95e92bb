"""Composes the starter's bundle: a language model of the catalogue with Pocket's decoders.

No weights are copied where the file system can link: the bundle's files are hard links to the
model's and to Pocket's. What the bundle is stands in `starter.toml`. Imports nothing heavy.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from plugins.errors import KnownError
from runtime.bundle.bundle import PACKAGED, STARTER, bundle_roots, read_manifest
from runtime.bundle.checks import files_in
from runtime.bundle.manifest import LanguageModelSpec, Licence, Manifest
from runtime.bundle.proofs import Proofs
from runtime.bundle.write import write_manifest
from runtime.catalogue import store
from runtime.catalogue.store import Installed
from runtime.language_model.gguf_check import check_gguf

_RECIPE = Path(__file__).with_name("starter.toml")
_LLM = "llm.gguf"
_DECODERS = "decoders"
_POCKET = PACKAGED / "pocket"
_CONTEXT, _MOST_NEW = 8192, 768
"""Positions of the context, and of one answer."""


def compose() -> Path | None:
    """Make the bundle `starter` follow the best model to talk with that is installed.

    Nothing happens where it is as it should be already. Without such a model the bundle is taken
    away.

    Returns:
        Its folder; None where there is no model to talk with.

    Raises:
        KnownError: it cannot be written, or the model's file is broken.
    """
    folder = bundle_roots()[-1] / STARTER
    talker = store.find("talk")
    try:
        if talker is None:
            shutil.rmtree(folder, ignore_errors=True)
            return None
        wanted = _manifest(talker)
        if not _is_composed(folder, talker, wanted):
            _replace(folder, talker, wanted)
    except OSError as error:
        raise KnownError(
            "bundle {starter}: expected a folder that can be written at {folder}, found: "
            "{strerror}. Free some space, or correct its owner.",
            starter=STARTER,
            folder=folder,
            strerror=error.strerror or error,
        ) from error
    return folder


def _manifest(talker: Installed) -> Manifest:
    """The manifest of the bundle, without its files."""
    facts = check_gguf(_gguf(talker))
    recipe = tomllib.loads(_RECIPE.read_text("utf-8"))
    pocket = read_manifest(_POCKET)
    for modality, table in recipe["signals"].items():
        table["settings"] = {**pocket.signals[modality].settings, **table["settings"]}
    model = LanguageModelSpec(
        file=_LLM,
        d_model=facts.d_model,
        n_vocab=facts.n_vocab,
        n_ctx=min(_CONTEXT, facts.n_ctx_train),
        max_new_tokens=_MOST_NEW,
    )
    licences = [
        *(Licence(_LLM, one.spdx, one.notice) for one in talker.entry.licences),
        *(Licence(_DECODERS, one.spdx, one.source) for one in pocket.licences),
    ]
    return msgspec.convert(
        {**recipe, "language_model": model, "licences": licences, "files": {}}, Manifest
    )


def _is_composed(folder: Path, talker: Installed, wanted: Manifest) -> bool:
    """True if the bundle exists, has the wanted settings, and holds today's files."""
    try:
        there = read_manifest(folder)
    except KnownError:
        return False
    if msgspec.structs.replace(there, files={}) != wanted:
        return False
    files = dict(_files(talker))
    return there.files.keys() == files.keys() and all(
        os.path.isfile(folder / path) and os.path.getsize(folder / path) == os.path.getsize(source)
        for path, source in files.items()
    )


def _replace(folder: Path, talker: Installed, manifest: Manifest) -> None:
    """Compose the bundle beside its place, then put it there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{STARTER}-", dir=folder.parent))
    try:
        linked = {}
        proofs = Proofs()
        for path, source in _files(talker):
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            digest = proofs.sha256(source)  # Before the link, which changes the file's times.
            _link(source, made / path)
            if os.path.samefile(source, made / path):
                linked[path] = digest
                proofs.note(made / path, digest)
        proofs.save()
        write_manifest(made, manifest)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)
        for path, digest in linked.items():
            proofs.note(folder / path, digest)
        proofs.save()
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _files(talker: Installed) -> Iterator[tuple[str, Path]]:
    """Every file of the bundle by its path in it, and where it comes from."""
    yield _LLM, _gguf(talker)
    decoders = _POCKET / _DECODERS
    for path in sorted(files_in(decoders)):
        yield f"{_DECODERS}/{path}", decoders / path


def _gguf(talker: Installed) -> Path:
    found = [file.path for file in talker.entry.files if file.path.endswith(".gguf")]
    if len(found) != 1:
        raise KnownError(
            "model {talker}: expected one GGUF file among its files, found {found_count}. "
            "Fetch it again.",
            talker=talker.name,
            found_count=len(found),
        )
    return talker.folder / found[0]


def _link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none or it is another one."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
