"""`medley render`: makes an artifact again from the recipe inside a made file.

No language model runs: the recipe holds the decoder's condition, the seed and the settings.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.ask import artifact_json
from desktop.cli.options import Parser, add_bundle, add_json, add_out
from desktop.cli.output import OutputFolder, shown
from desktop.cli.terminal import Screen
from desktop.cli.turn import opened
from plugins.errors import KnownError
from runtime.messages import ArtifactReady, RenderProgress

if TYPE_CHECKING:
    from plugins.api import Artifact, Recipe


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley render`."""
    parser.add_argument("file", type=Path, metavar="RECIPE_FILE", help="a file that Medley made")
    add_out(parser)
    add_bundle(parser, default=None)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Render, save and name the artifact of `options.file`."""
    recipe = _recipe(options.file)
    folder = OutputFolder(options.out)
    folder.check()
    screen = Screen(quiet=options.json)
    started = time.perf_counter()
    try:
        artifact = _rendered(recipe, options.bundle or recipe.bundle, screen)
        event = _event(artifact, time.perf_counter() - started)
        path = folder.save(artifact.data, options.file.stem, artifact.extension)
        screen.saved(event, path)
    finally:
        screen.close()
    if options.json:
        print(json.dumps(artifact_json(event, str(path))))
    return 0


def _recipe(file: Path) -> Recipe:
    from plugins.api import Recipe
    from plugins.media_files import MAX_RECIPE_BYTES, read_recipe

    if file.suffix.lower() != ".json":
        return read_recipe(file)
    try:
        if file.stat().st_size > MAX_RECIPE_BYTES:
            raise KnownError(f"{shown(file)}: too large for a recipe. Give one that Medley wrote.")
        return Recipe.from_json(file.read_bytes())
    except OSError as error:
        raise KnownError(
            f"{shown(file)}: cannot be read ({error.strerror}). Give a file that Medley made."
        ) from error


def _rendered(recipe: Recipe, bundle: str, screen: Screen) -> Artifact:
    def progress(step: int, of: int, preview: bytes | None) -> None:
        screen.progress(RenderProgress(0, recipe.modality, step, of, preview))

    with opened(bundle, screen) as engine:
        return engine.rerender(recipe, progress)


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
