"""A bundle that asks a plugin for sketches, and plugins that end the process they run in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import SignalSpec
from runtime.bundle.write import write_manifest
from runtime.messages import Message, TextPart, Turn

ASKED = Turn((Message("user", (TextPart("sketch a boat"),)),), seed=5)
"""Answered by every bundle of `sketching` with the word `a` and one sketch."""

_MANIFEST = """
name = "{name}"
version = "1"

[[renderers]]
id = "{name}.svg"
modality = "sketch"
python_name = "{module}:Bad"
signal_tokens = 4
description = "Ends the process"
"""
_RENDERER = """
import ctypes, os, subprocess

from plugins.api import Renderer


class Bad(Renderer):
    id = "{name}.svg"
    version = "1"
    modality = "sketch"
    parameters = ()

    def render(self, condition, parameters, stage):
        {code}

    def condition_targets(self, captions):
        raise NotImplementedError
"""


def sketching(captioned: Bundle, folder: Path, renderer: str) -> Path:
    """A copy of a captioned bundle that can make nothing but sketches, with this renderer."""
    shutil.copytree(captioned.folder, folder)
    tags = {"caption_open": " red", "caption_close": " now"}
    signal = SignalSpec((), renderer, "", (), **tags)  # type: ignore[arg-type]
    signals = {"sketch": signal}
    write_manifest(folder, msgspec.structs.replace(captioned.manifest, signals=signals))
    return folder


def without_eyes(bundle: Bundle, folder: Path) -> Path:
    """A copy of a bundle without its encoder, so that readers turn media into text for it."""
    shutil.copytree(bundle.folder, folder)
    for name in ("encoder.safetensors", "input_projection.safetensors"):
        (folder / name).unlink()
    write_manifest(
        folder, msgspec.structs.replace(bundle.manifest, encoder=None, input_projection=None)
    )
    return folder


def write_plugin(site: Path, name: str, code: str) -> None:
    """Install a plugin into `site` whose renderer `NAME.svg` runs this statement."""
    module = f"bad_{name}"
    (site / module).mkdir(parents=True)
    (site / module / "__init__.py").write_text(_RENDERER.format(name=name, code=code))
    (site / module / "medley-plugin.toml").write_text(_MANIFEST.format(name=name, module=module))
    info = site / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[medley.plugins]\n{name} = {module}\n")


def environment(home: Path, *folders: Path) -> Mapping[str, str]:
    """For processes that find these packages and keep what a person chose in `home`."""
    paths = [*map(str, folders), os.environ.get("PYTHONPATH", ""), os.getcwd()]
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
