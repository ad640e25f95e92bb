"""Finds and opens bundles: folders that hold a complete any-to-any model.

Knows the folder format and its manifest. Opens no weights and imports no torch.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import threading
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import platformdirs

from plugins.errors import KnownError, Problem, listed, phrase
from runtime.bundle import checks
from runtime.bundle.checks import MANIFEST_FILE, Verify
from runtime.bundle.links import note_of
from runtime.bundle.manifest import FORMAT, Manifest, SignalSpec, SpeechSpec
from runtime.bundle.proofs import Proofs

if TYPE_CHECKING:
    from plugins.api import Decoder

PACKAGED = Path(__file__).parents[1] / "bundles"
"""The folder of the bundles that come with the package."""
AUTOMATIC = "auto"
"""Names the best bundle that is there: the starter where it was composed, else Pocket."""
DEFAULT_BUNDLE = AUTOMATIC
STARTER, EMBEDDED = "starter", "pocket"
_one_conversion = threading.Lock()
"""Msgspec ends the process where two threads convert to one type for the first time."""
SHOWN_PROBLEMS = 8
"""Of what is wrong with a bundle, in one sentence."""


class BundleError(KnownError):
    """A bundle that is not what its manifest says; `problems` has all that was found."""

    default_kind = "bundle"

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, tuple(problems)
        super().__init__(
            "bundle {folder}: expected a complete Medley bundle, found: {problems}. Install "
            "the bundle again, or choose another.",
            folder=folder,
            problems=listed(problems, SHOWN_PROBLEMS),
        )


@dataclass(frozen=True)
class BundleEntry:
    """A bundle that was found, not yet opened."""

    name: str
    """Its folder's name, by which `find_bundle` finds it."""
    folder: Path


@dataclass(frozen=True)
class Bundle:
    """A bundle whose manifest and files were checked."""

    manifest: Manifest
    folder: Path

    @classmethod
    def open(cls, folder: Path, verify: Verify = "known") -> Bundle:
        """Read and check a bundle.

        Args:
            folder: where it lies.
            verify: `known` hashes the files that changed since they were hashed last, `hash` all
                of them; `size` trusts the contents and compares only sizes.

        Raises:
            BundleError: anything is wrong; all of it is named.
            KnownError: there is no manifest, or it has another format version.
        """
        manifest = read_manifest(folder)
        problems = checks.manifest_problems(manifest)
        if not any(checks.path_problem(path) for path in manifest.files):
            problems += _file_problems(folder, manifest, verify)
        problems += checks.unlisted_problems(folder, manifest)
        if problems:
            raise BundleError(folder, problems)
        return cls(manifest, folder)

    @property
    def name(self) -> str:
        """The manifest's name."""
        return self.manifest.name

    @property
    def modalities(self) -> tuple[str, ...]:
        """The modalities that it can answer in, `text` first."""
        return ("text", *self.manifest.signals)

    def path(self, relative: str) -> Path:
        """A file or folder of the bundle, from its manifest path."""
        return self.folder / relative

    def signal(self, modality: str) -> SignalSpec:
        """The settings of one modality's signal.

        Raises:
            KnownError: it cannot answer in that modality; the ones it can are listed.
        """
        if modality not in self.manifest.signals:
            raise KnownError(
                "bundle {name} cannot answer in {modality}; it can in {modalities}. Choose "
                "among these.",
                "bundle",
                name=self.name,
                modality=repr(modality),
                modalities=", ".join(self.modalities),
            )
        return self.manifest.signals[modality]

    def decoder(self, modality: str) -> Decoder:
        """The folder of the weights for one modality's renderer: the bundle's own folder if the
        renderer brings all it needs.

        Raises:
            KnownError: as `signal`.
        """
        from plugins.api import Decoder

        signal = self.signal(modality)
        return Decoder(
            folder=self.path(signal.decoder),
            bundle=self.name,
            condition_shape=signal.condition_shape,
            settings=signal.settings,
        )


def read_manifest(folder: Path) -> Manifest:
    """The typed `bundle.toml`, its format version checked, nothing else.

    Raises:
        KnownError: no manifest, unreadable, another version, or fields that do not fit.
    """
    path = folder / MANIFEST_FILE
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise KnownError(
            "{folder} is not a bundle: expected a file {manifest_file} in it, found none. "
            "Give the folder that holds it.",
            "bundle",
            folder=folder,
            manifest_file=MANIFEST_FILE,
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnownError(
            "{path}: expected a readable TOML file, found: {error}. Install the bundle again.",
            "bundle",
            path=path,
            error=error,
        ) from error
    if (found := data.get("format")) != FORMAT:
        raise KnownError(
            "{path}: expected bundle format {format}, found {found}. Use a bundle made for "
            "this version of Medley.",
            "bundle",
            path=path,
            format=FORMAT,
            found=repr(found),
        )
    return _typed_manifest(path, data)


def bundle_roots() -> tuple[Path, ...]:
    """The folders whose subfolders are bundles: the package's own, then the user's."""
    return (PACKAGED, Path(platformdirs.user_data_dir("medley", appauthor=False)) / "bundles")


def list_bundles() -> list[BundleEntry]:
    """Every bundle that can be named, the packaged ones first; an earlier root wins a name."""
    entries: dict[str, BundleEntry] = {}
    for root in bundle_roots():
        for path in sorted(root.glob(f"*/{MANIFEST_FILE}")):
            name = path.parent.name
            if not name.startswith("."):  # Those are being made.
                entries.setdefault(name, BundleEntry(name, path.parent))
    return list(entries.values())


def composed_folder(name: str) -> Path | None:
    """The folder of a bundle of this name that was composed here; None where there is none."""
    folder = bundle_roots()[-1] / name
    return folder if name == folder.name and note_of(folder) is not None else None


def chosen_name(name: str) -> str:
    """The name of the bundle that `name` means: `auto` is the best that is there now."""
    if name != AUTOMATIC:
        return name
    return STARTER if any(entry.name == STARTER for entry in list_bundles()) else EMBEDDED


def find_bundle(name_or_folder: str | Path = DEFAULT_BUNDLE) -> Path:
    """The folder of a bundle, from its name (`auto` among them) or from a path to it.

    Raises:
        KnownError: neither; the known names are listed.
    """
    known = {entry.name: entry.folder for entry in list_bundles()}
    text = chosen_name(str(name_or_folder))
    if text in known:
        return known[text]
    folder = Path(os.path.expanduser(name_or_folder))
    if os.path.isfile(folder / MANIFEST_FILE):
        return folder
    near = difflib.get_close_matches(text, known, n=1)
    hint = (
        phrase("Did you mean {name}?", name=near[0])
        if near
        else phrase("Name one of these, or give a bundle's folder.")
    )
    raise KnownError(
        "no bundle {text}: known are {known}, and it is not a folder with a {manifest_file}. "
        "{hint}",
        "bundle",
        text=repr(text),
        known=", ".join(known) or "none",
        manifest_file=MANIFEST_FILE,
        hint=hint,
    )


def speech_of(name_or_folder: str | Path) -> SpeechSpec:
    """The speech models that a bundle asks for; nothing where there is no such bundle or it leaves
    the choice open."""
    with contextlib.suppress(KnownError):
        return read_manifest(find_bundle(name_or_folder)).speech or SpeechSpec()
    return SpeechSpec()


def _file_problems(folder: Path, manifest: Manifest, verify: Verify) -> list[Problem]:
    proofs = Proofs()
    digest = {"hash": proofs.renew, "known": proofs.sha256, "size": None}[verify]
    found = [checks.file_problem(folder, path, manifest, digest) for path in sorted(manifest.files)]
    proofs.save()
    return [problem for problem in found if problem]


def _typed_manifest(path: Path, data: dict[str, Any]) -> Manifest:
    try:
        with _one_conversion:
            return msgspec.convert(data, Manifest)
    except msgspec.ValidationError as error:
        raise KnownError(
            "{path}: expected the fields of bundle format {format}, found: {error}. Correct "
            "the file, or install the bundle again.",
            "bundle",
            path=path,
            format=FORMAT,
            error=error,
        ) from error
