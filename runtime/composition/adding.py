"""Adds a model that a person has: where it lies, under a name, with a bundle to talk to at once.

    add(wanted(Path("Qwen3-4B.gguf")))          what a person names
    for one in of_program(program): add(one)    what another program has

Knows the list of added models and how bundles are composed; loads no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.bundle import read_manifest
from runtime.bundle.proofs import Proofs
from runtime.catalogue import added as register
from runtime.catalogue.added import Added, AddedFile
from runtime.composition import compose as composing
from runtime.composition import names
from runtime.composition.compose import Progress, Tell, compose
from runtime.composition.decoder import POCKET, pocket_decoder
from runtime.composition.linking import How, place, remove_tree
from runtime.composition.manifest import About, Parts, composition
from runtime.composition.talker import Talker, talker
from runtime.local_models.found import FoundModel, NotAModelError
from runtime.local_models.identify import identified_as, identify
from runtime.local_models.pairing import SeveralFitError, checked_pair, fits, pair
from runtime.local_models.programs import Program

_BLOBS = "blobs"
"""The folder of Ollama's files, which do not belong together."""
_MOST_BESIDE = 20
"""GGUF files of a folder that are looked at one by one."""
_SHARD = re.compile(r"-\d{5}-of-\d{5}$")
_NAMELESS = re.compile(r"(ggml-)?model|sha256-[0-9a-f]+|[0-9a-f]{20,}|snapshot|main|default|latest")
"""Names of files and folders that say nothing."""


@dataclass(frozen=True)
class Wanted:
    """A model that is to be added, with what belongs to it."""

    found: FoundModel
    embedder: FoundModel | None = None
    """What takes in pictures or sounds for it."""
    warnings: tuple[Problem, ...] = ()
    """What a person should know; whole sentences."""


@dataclass(frozen=True)
class Addition:
    """What became of it."""

    model: Added
    bundle: Path | None
    """The bundle to talk to; None for a model that does not talk."""
    embedder: FoundModel | None
    warnings: tuple[Problem, ...]


def wanted(path: Path, mmproj: Path | None = None) -> Wanted:
    """What a file or a folder is, and which mmproj beside it belongs to it.

    Args:
        path: a GGUF file, or a folder with one model.
        mmproj: which file takes in pictures or sounds for it; by default the one beside it that
            fits, if there is one alone.

    Raises:
        NotAModelError: it is no model that Medley can use; or several, or several mmproj files.
    """
    found = identify(path)
    talkers = [one for one in found if one.purpose == "talk"]
    if not talkers and found[0].purpose == "take in":
        raise NotAModelError(
            "{path}: expected a model that talks, found what takes in pictures or sounds for one "
            "(mmproj). Name the model's file, with this one as --mmproj.",
            path=path,
        )
    purpose = "talk" if talkers else found[0].purpose
    those = [one for one in found if one.purpose == purpose]
    one = those[0] if len(those) == 1 else identified_as(path, purpose)
    if mmproj is None:
        return paired(one, found if path.is_dir() else beside(one))
    return _with(one, mmproj)


def paired(one: FoundModel, around: Iterable[FoundModel]) -> Wanted:
    """A model with the mmproj around it that fits; without where that fits others there too.

    Args:
        one: any model.
        around: the models that lie or are listed together with it.

    Raises:
        SeveralFitError: several fit.
    """
    if one.purpose != "talk":
        return Wanted(one)
    around = tuple(around)
    embedder = pair(one, around)
    talkers = [other for other in around if other.purpose == "talk" and other.path != one.path]
    other = next((t for t in talkers if embedder is not None and fits(embedder, t)), None)
    if embedder is None or other is None:
        return Wanted(one, embedder)
    warning = phrase(
        "{mmproj} beside it fits {other} as well, so it was left out; name it as --mmproj if it "
        "belongs to {model}.",
        mmproj=embedder.path.name,
        other=other.path.name,
        model=one.path.name,
    )
    return Wanted(one, warnings=(warning,))


def of_program(program: Program, title: str = "", mmproj: Path | None = None) -> Iterator[Wanted]:
    """The models of another program that do something by themselves, each with what belongs to it;
    one that several mmproj files fit comes without, and says so.

    Args:
        program: which.
        title: of one of them; without it all.
        mmproj: which file takes in pictures or sounds for it.

    Raises:
        KnownError: it has no such model, or the mmproj does not fit.
    """
    those = [one for one in program.models if one.purpose != "take in"]
    named = [one for one in those if title in ("", one.title, one.path.name)]
    if title and not named:
        raise KnownError(
            "{program}: expected its model {title}, found {known}. Choose among these.",
            program=program.name,
            title=repr(title),
            known=", ".join(one.title for one in those) or phrase("none"),
        )
    for one in named:
        if mmproj is not None:
            yield _with(one, mmproj)
            continue
        try:
            yield paired(one, [other for other in program.models if _together(one, other)])
        except SeveralFitError as error:
            yield Wanted(one, warnings=(_none_taken(one, error),))


def _with(one: FoundModel, mmproj: Path) -> Wanted:
    if one.purpose != "talk":
        raise _no_talker(one)
    return Wanted(one, checked_pair(one, embedder_of(mmproj)))


def _none_taken(one: FoundModel, error: SeveralFitError) -> Problem:
    return phrase(
        "{count} files (mmproj) fit {model}: {candidates}; none was taken, so it takes in words "
        "alone. To give it one, remove it with `medley models remove` and add it again with "
        "--mmproj and the file.",
        count=len(error.candidates),
        model=one.title,
        candidates=", ".join(str(candidate.path) for candidate in error.candidates),
    )


def add(one: Wanted, name: str = "", *, how: How = "link", tell: Tell | None = None) -> Addition:
    """Put a model on the list; where it talks, compose a bundle of its name, with Pocket's
    decoders and clip art.

    Args:
        one: which.
        name: its name; by default made from its file's.
        how: whether its files may be copied.
        tell: how far it is; may raise to stop it, and then nothing was added.

    Raises:
        KnownError: the name cannot be used, it is there already, or the disk refuses.
    """
    found = one.found
    known = known_as(found)
    if known is not None:
        raise KnownError(
            "{path}: expected a model that is new here, found that it was added as {name}. Use it "
            "by that name, or remove it first with `medley models remove {name}`.",
            path=found.path,
            name=known,
        )
    name = names.checked(name) if name else names.suggested(plain_name(found))
    with names.reserved(name):
        if found.purpose == "talk":
            return _talking(name, one, how, tell)
        warnings = (*found.warnings, *one.warnings)
        return Addition(_added(name, found, how, tell), None, None, warnings)


def _talking(name: str, one: Wanted, how: How, tell: Tell | None) -> Addition:
    """A model that talks, with its bundle."""
    brain = talker(one.found)
    bundle = _bundle(name, brain, one.embedder, how, tell)
    try:
        model = _noted(name, one.found, bundle, brain, how)
    except BaseException:
        composing.remove(name)
        raise
    return Addition(model, bundle, one.embedder, (*brain.warnings, *one.warnings))


def embedder_of(path: Path) -> FoundModel:
    """The mmproj of a file or a folder.

    Raises:
        NotAModelError: there is none, or more than one.
    """
    return identified_as(path, "take in")


def plain_name(found: FoundModel) -> str:
    """What a person calls a model: its file or folder, or its title where these say nothing."""
    own = found.path.name if found.path.is_dir() else _SHARD.sub("", found.path.stem)
    return found.title if _NAMELESS.fullmatch(own.lower()) else own


def _bundle(
    name: str, brain: Talker, embedder: FoundModel | None, how: How, tell: Tell | None
) -> Path:
    decoders = tuple(pocket_decoder(modality) for modality in read_manifest(POCKET).signals)
    parts = Parts(brain, decoders, embedder)
    return compose(composition(parts, About(name, brain.title)), how=how, tell=tell)


def _noted(name: str, found: FoundModel, bundle: Path, brain: Talker, how: How) -> Added:
    """The note of a model that talks: its files were hashed for its bundle."""
    listed = read_manifest(bundle).files
    files = {
        (bundle / inside if how == "copy" else path): AddedFile(
            listed[inside].size, listed[inside].sha256
        )
        for inside, path in brain.files.items()
    }
    with _told(name):
        return register.note(name, found, next(iter(files)), files)


def _added(name: str, found: FoundModel, how: How, tell: Tell | None) -> Added:
    """The note of a model without a bundle."""
    total = found.bytes * (2 if how == "copy" else 1)
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        if tell is not None:
            tell(Progress(done, max(total, done), found.path.name))

    with _told(name):
        if how != "copy":
            return register.note(name, found, found.path, register.hashed(found.files, more))
        return register.note(name, found, *_copied(name, found, more))


def _copied(
    name: str, found: FoundModel, more: Callable[[int], None]
) -> tuple[Path, dict[Path, AddedFile]]:
    """A copy of a model beside its note: its folder or file, and all files with their hashes."""
    place_of = register.added_folder() / name
    made = place_of.with_name(f".{name}~")
    root = found.path if found.path.is_dir() else found.path.parent
    proofs, hashes = Proofs(), dict[Path, AddedFile]()
    remove_tree(made)
    try:
        for file in found.files:
            digest = proofs.sha256(file, more)
            inside = file.relative_to(root)
            (made / inside).parent.mkdir(parents=True, exist_ok=True)
            place(file, made / inside, "copy", proofs, more)
            hashes[place_of / inside] = AddedFile(file.stat().st_size, digest)
        remove_tree(place_of)
        made.rename(place_of)
    finally:
        remove_tree(made)
        proofs.save()
    return (place_of if found.path.is_dir() else place_of / found.path.name), hashes


def known_as(found: FoundModel) -> str | None:
    """The name under which the same file or folder was added."""
    for model in register.added():
        with suppress(OSError):
            if Path(model.path).samefile(found.path):
                return model.name
    return None


def _together(one: FoundModel, other: FoundModel) -> bool:
    """True for models that a program keeps under one name or in one folder of their own."""
    shared = other.path.parent == one.path.parent and one.path.parent.name != _BLOBS
    return one.title == other.title or shared


def beside(one: FoundModel) -> Iterator[FoundModel]:
    """The GGUF models in the folder of a file. In a folder with very many, of the others only what
    is called mmproj, since each takes a while to look at."""
    with suppress(OSError):
        files = [path for path in one.path.parent.glob("*.gguf") if path not in one.files]
        if len(files) > _MOST_BESIDE:
            files = [path for path in files if "mmproj" in path.name.lower()]
        for path in sorted(files):
            with suppress(NotAModelError):
                yield from identify(path)


def _no_talker(found: FoundModel) -> NotAModelError:
    return NotAModelError(
        "{path}: expected a model that talks, since --mmproj belongs to one, found a model to "
        "{purpose}. Leave --mmproj out.",
        path=found.path,
        purpose=register.USES[found.purpose],
    )


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the disk refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        raise KnownError(
            "model {name}: expected that its files can be read and its note written to {folder}, "
            "found: {strerror}. Free some space, or correct the owner.",
            "disk",
            name=name,
            folder=register.added_folder(),
            strerror=error.strerror or error,
        ) from error
