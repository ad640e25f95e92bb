"""`medley render`: makes an artifact again from the recipe inside a made file.

No language model runs: the recipe holds the decoder's condition, the seed and the settings. A
talking face needs no bundle either. A picture can be changed on the way.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.ask import artifact_json
from desktop.cli.options import Parser, add_bundle, add_device, add_json, add_out
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen
from desktop.cli.turn import opened
from desktop.file_names import local
from plugins.errors import KnownError
from runtime.messages import ArtifactReady, RenderProgress

if TYPE_CHECKING:
    from plugins.api import Artifact, Recipe
    from plugins.stage import OnProgress


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley render`."""
    parser.add_argument("file", type=Path, metavar="RECIPE_FILE", help="a file that Medley made")
    text = "change the picture in the file: what it is to show now"
    parser.add_argument("--change", metavar="WORDS", help=text)
    text = "a picture that is white where that one is to be changed (default: everywhere)"
    parser.add_argument("--mask", type=Path, metavar="FILE", help=text)
    text = "how much of it is made anew, 0.05 to 1"
    parser.add_argument("--strength", type=float, metavar="N", help=text)
    add_out(parser)
    add_bundle(parser, default=None)
    add_device(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Render, save and name the artifact of `options.file`."""
    file = local(options.file)
    recipe = _changed(_recipe(file), file, options)
    folder = OutputFolder(options.out)
    folder.check()
    screen = Screen(quiet=options.json)
    started = time.perf_counter()
    try:
        artifact = _rendered(recipe, options.bundle, screen, options.device)
        event = _event(artifact, time.perf_counter() - started)
        path = folder.save(artifact.data, file.stem, artifact.extension)
        screen.saved(event, path)
    finally:
        screen.close()
    if options.json:
        print(json.dumps(artifact_json(event, str(path))))
    return 0


def _recipe(file: Path) -> Recipe:
    from plugins.media_files import read_recipe

    return read_recipe(file)


def _changed(recipe: Recipe, file: Path, options: argparse.Namespace) -> Recipe:
    """The recipe of the change that was asked for; the file's own where none was.

    Raises:
        KnownError: a mask or a strength without a change, or the file is no picture.
    """
    from plugins.api import Condition

    if options.change is None:
        if options.mask or options.strength is not None:
            raise KnownError("expected --change where --mask or --strength is given, found none.")
        return recipe
    if recipe.modality != "image":
        raise KnownError(
            f"{file}: expected a picture to change, found {recipe.modality}. Name a picture that "
            "Medley made."
        )
    area = None if options.mask is None else local(options.mask).read_bytes()
    condition = Condition(caption=options.change, picture=file.read_bytes(), area=area)
    strength = {} if options.strength is None else {"strength": options.strength}
    return replace(recipe, condition=condition, parameters={**recipe.parameters, **strength})


def _bundle(name: str) -> str:
    """The bundle that a recipe names. A recipe may come from anybody, so what it
    says is a name and never a path.

    Raises:
        KnownError: there is no such bundle here.
    """
    from runtime.bundle.bundle import list_bundles

    known = [entry.name for entry in list_bundles()]
    if name not in known:
        raise KnownError(
            f"the recipe was made with the bundle {name!r}; known here are "
            f"{', '.join(known) or 'none'}. Get it, or give its folder with --bundle."
        )
    return name


def _rendered(recipe: Recipe, bundle: str | None, screen: Screen, device: str) -> Artifact:
    from plugins.avatar.speech import MODALITY

    def progress(step: int, of: int, preview: bytes | None) -> None:
        screen.progress(RenderProgress(0, recipe.modality, step, of, preview))

    if recipe.modality == MODALITY:
        return _face(recipe, progress)
    with opened(bundle or _bundle(recipe.bundle), screen, device) as engine:
        return engine.rerender(recipe, progress)


def _face(recipe: Recipe, progress: OnProgress) -> Artifact:
    from plugins.avatar.talking import talking_face_again
    from plugins.switches import enabled_plugins

    return talking_face_again(recipe, enabled_plugins=enabled_plugins(), on_progress=progress)


def _event(artifact: Artifact, seconds: float) -> ArtifactReady:
    recipe = artifact.recipe
    return ArtifactReady(
        index=0,
        modality=artifact.modality,
        mime=artifact.mime,
        extension=artifact.extension,
        data=artifact.data,
        recipe=recipe.to_json(),
        seed=recipe.seed,
        renderer=recipe.renderer,
        render_s=seconds,
        width=artifact.width,
        height=artifact.height,
        duration_s=artifact.duration_s,
    )
