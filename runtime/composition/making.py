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
from runtime.composition import names
from runtime.composition.adding import embedder_of, wanted
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
from runtime.composition.native import routed
from runtime.composition.talker import talker
from runtime.local_models.found import FoundModel, Purpose
from runtime.local_models.identify import identified_as
from runtime.local_models.pairing import checked_pair

_PURPOSES: dict[str, Purpose] = {"image": "image", "audio": "audio", "video": "video"}
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
    with names.reserved(name):
        return compose(composition(found, About(name, title)), how=how, tell=tell), found


def found_parts(named: PartNames) -> Parts:
    """The parts that names and paths mean.

    Raises:
        KnownError: one cannot be used.
    """
    one, beside = _talker(named.talk)
    embedder = beside
    if named.see:
        embedder = None if named.see == NONE else checked_pair(one, embedder_of(_path(named.see)))
    decoders = (_decoder(m, named.decoders.get(m, "")) for m in read_manifest(POCKET).signals)
    made = [routed(part, one) for part in decoders if part is not None]
    speech = SpeechSpec(_speech("hear", named.hear), _speech("speak", named.speak))
    return Parts(
        talker(one),
        tuple(decoder.part for decoder in made),
        embedder,
        speech if speech.hear or speech.speak else None,
        tuple(decoder.note for decoder in made if decoder.note is not None),
    )


def _talker(named: str) -> tuple[FoundModel, FoundModel | None]:
    """A model that talks, and the mmproj beside it that fits."""
    path = _talker_path(named)
    one = wanted(path)
    if one.found.purpose != "talk":
        identified_as(path, "talk")  # It says what was found in its place.
    return one.found, one.embedder


def _talker_path(named: str) -> Path:
    for installed in store.installed("talk"):
        if installed.name == named:
            return installed.folder
    model = register.find(named)
    if model is not None and (register.problem(model) is None or not _is_bundle(named)):
        return Path(model.path)  # Else its bundle may hold the file still, by a hard link.
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
    path = _path(named) if model is None else Path(model.path)
    return own_decoder(identified_as(path, _PURPOSES[modality]))


def _speech(purpose: Purpose, named: str) -> str:
    """What a manifest says of a speech model: its name, or its folder."""
    if not named or named == NONE:
        return ""
    installed = store.installed("hear" if purpose == "hear" else "speak")
    if any(one.name == named for one in installed):
        return named
    return str(identified_as(_path(named), purpose).path.absolute())


def _is_path(named: str) -> bool:
    return "/" in named or "\\" in named or Path(named).exists()


def _is_bundle(named: str) -> bool:
    return any(entry.name == named for entry in list_bundles())


def _path(named: str) -> Path:
    """A path as a person types it.

    Raises:
        KnownError: nothing is there; what could be meant is listed.
    """
    if not named:
        raise KnownError("expected the path of a model, found none. Name its file or folder.")
    path = Path(named).expanduser()
    if path.exists() or path.is_symlink() or _is_path(named):
        return path
    known = [*(one.name for one in register.added()), *(one.name for one in list_bundles())]
    raise KnownError(
        "no model {name}: expected a file, a folder or one of {known}, found none of these. Check "
        "the name; `medley models list` shows them.",
        name=repr(named),
        known=", ".join(dict.fromkeys(known)),
    )
