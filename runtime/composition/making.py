"""Makes a bundle of parts that a person names: files, folders, added models, other bundles.

Knows how parts are named; loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.errors import KnownError
from runtime.bundle.bundle import find_bundle, list_bundles, read_manifest
from runtime.bundle.manifest import SpeechSpec
from runtime.catalogue import added as register
from runtime.catalogue import store
from runtime.catalogue.added import USES
from runtime.composition import names
from runtime.composition.adding import one_embedder, wanted
from runtime.composition.compose import Tell, compose
from runtime.composition.decoder import (
    POCKET,
    DecoderPart,
    bundle_decoder,
    own_decoder,
    pocket_decoder,
)
from runtime.composition.linking import How
from runtime.composition.manifest import About, Parts, composition
from runtime.composition.talker import talker
from runtime.local_models.found import FoundModel, NotAModelError, Purpose
from runtime.local_models.identify import identify
from runtime.local_models.pairing import checked_pair

NONE = "none"
"""In place of a part: the bundle shall be without."""


@dataclass(frozen=True)
class PartNames:
    """The parts of a bundle, each by a name or a path; empty for what comes by itself."""

    talk: str
    """A GGUF, an added model, a model of the catalogue or a bundle."""
    decoders: Mapping[str, str] = field(default_factory=dict)
    """By modality: a decoder's folder, an added one, or a bundle; by itself Pocket's."""
    see: str = ""
    """What takes in pictures or sounds (mmproj); by itself what lies beside the model and fits."""
    hear: str = ""
    speak: str = ""


def make(
    name: str, named: PartNames, *, how: How = "link", tell: Tell | None = None
) -> tuple[Path, Parts]:
    """Compose a bundle; its folder, and what it is composed of.

    Args:
        name: of the bundle.
        named: its parts.
        how: whether files may be copied.
        tell: how far it is; may raise to stop it, and then there is no bundle.

    Raises:
        KnownError: the name or a part cannot be used, or the disk refuses.
    """
    names.checked(name)
    found = found_parts(named)
    title = f"{name} ({found.talker.title})"
    return compose(composition(found, About(name, title)), how=how, tell=tell), found


def found_parts(named: PartNames) -> Parts:
    """The parts that names and paths mean.

    Raises:
        KnownError: one cannot be used.
    """
    one, beside = _talker(named.talk)
    embedder = beside
    if named.see:
        embedder = None if named.see == NONE else checked_pair(one, one_embedder(_path(named.see)))
    decoders = (_decoder(m, named.decoders.get(m, "")) for m in read_manifest(POCKET).signals)
    speech = SpeechSpec(_speech("hear", named.hear), _speech("speak", named.speak))
    return Parts(
        talker(one),
        tuple(part for part in decoders if part is not None),
        embedder,
        speech if speech.hear or speech.speak else None,
    )


def _talker(named: str) -> tuple[FoundModel, FoundModel | None]:
    """A model that talks, and the mmproj beside it that fits."""
    path = _talker_path(named)
    one = wanted(path)
    if one.found.purpose != "talk":
        raise NotAModelError(
            "{name}: expected a model that talks, found one to {purpose}. Choose a language model "
            "(GGUF).",
            name=named,
            purpose=USES[one.found.purpose],
        )
    return one.found, one.embedder


def _talker_path(named: str) -> Path:
    for installed in store.installed("talk"):
        if installed.name == named:
            return installed.folder
    model = register.find(named)
    if model is not None:
        return Path(model.path)
    if not _is_path(named) and _is_bundle(named):
        folder = find_bundle(named)
        manifest = read_manifest(folder)
        if manifest.routing == "projected":
            raise KnownError(
                "bundle {name}: expected a language model that talks in any bundle, found one that "
                "was trained for its own decoders. Choose another.",
                "bundle",
                name=named,
            )
        return (folder / manifest.language_model.file).resolve()
    return _path(named)


def _decoder(modality: str, named: str) -> DecoderPart | None:
    if named == NONE:
        return None
    if not named:
        return pocket_decoder(modality)
    model = register.find(named)
    if model is None and not _is_path(named) and _is_bundle(named):
        return bundle_decoder(find_bundle(named), modality)
    (found, *_) = identify(_path(named) if model is None else Path(model.path))
    part = own_decoder(found)
    if part.modality != modality:
        raise NotAModelError(
            "{name}: expected a model to {expected}, found one to {purpose}. Choose another.",
            name=named,
            expected=USES[modality],
            purpose=USES[part.modality],
        )
    return part


def _speech(purpose: Purpose, named: str) -> str:
    """What a manifest says of a speech model: its name, or its folder."""
    if not named or named == NONE:
        return ""
    installed = store.installed("hear" if purpose == "hear" else "speak")
    if any(one.name == named for one in installed):
        return named
    folder = _path(named)
    found = identify(folder)
    if found[0].purpose != purpose:
        raise NotAModelError(
            "{name}: expected a model to {expected}, found one to {purpose}. Choose another.",
            name=named,
            expected=USES[purpose],
            purpose=USES[found[0].purpose],
        )
    return str(found[0].path.absolute())


def _is_path(named: str) -> bool:
    return "/" in named or "\\" in named or Path(named).exists()


def _is_bundle(named: str) -> bool:
    return any(entry.name == named for entry in list_bundles())


def _path(named: str) -> Path:
    """A path as a person types it.

    Raises:
        KnownError: nothing is there; what could be meant is listed.
    """
    path = Path(named).expanduser()
    if path.exists() or path.is_symlink() or _is_path(named):
        return path
    known = [*(one.name for one in register.added()), *(one.name for one in list_bundles())]
    raise KnownError(
        "no model {name}: expected a file, a folder or one of {known}, found none of these. Check "
        "the name; `medley models list` shows them.",
        name=repr(named),
        known=", ".join(known),
    )
