"""The example reader as an installer leaves it, and a bundle that needs readers."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import Bundle
from runtime.bundle.write import write_manifest

EXAMPLE = Path(__file__).parent.parent / "examples" / "medley-colours"


def install(site: Path, patch: pytest.MonkeyPatch) -> None:
    """Make the example plugin known, as if it had been installed into `site`, and switch it on."""
    info = site / "medley_colours-1.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley-colours\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\ncolours = medley_colours\n")
    patch.syspath_prepend(str(EXAMPLE))
    patch.syspath_prepend(str(site))


def without_encoder(bundle: Bundle, folder: Path) -> Bundle:
    """A copy of a bundle that cannot take in media by itself."""
    shutil.copytree(bundle.folder, folder)
    manifest = bundle.manifest
    assert manifest.encoder is not None and manifest.input_projection is not None
    gone = (manifest.encoder.file, manifest.input_projection.file)
    for name in gone:
        (folder / name).unlink()
    files = {name: file for name, file in manifest.files.items() if name not in gone}
    write_manifest(
        folder,
        msgspec.structs.replace(manifest, encoder=None, input_projection=None, files=files),
    )
    return Bundle.open(folder)
