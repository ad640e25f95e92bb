"""A renderer against the bare diffusers pipeline it runs: seconds for the same artifact.

Both sides run in this process on the same resident weights, in turns: a busy machine slows both.
Ours holds everything between a condition and a finished file: leasing, progress, encoding of the
PNG, WAV or MP4. The bare side is one call of the pipeline that returns arrays, on a pipeline that
was built before.

    python -m benchmarks.render_overhead [--bundle NAME|DIR] [--repeats N] [--modality M] [--cpu]
    python -m benchmarks.render_overhead --tiny [CLASS ...]

With `--tiny`, random pipelines of each class of the table are measured, some thousand weights each,
with enough steps that the denoiser is most of the work: what is left is what the renderer adds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks._clock import Clock, add_options
from plugins.api import Condition, Decoder
from plugins.builtin import calls, text
from plugins.builtin.diffusion import DiffusionRenderer
from plugins.manifest import discover, load
from plugins.pipelines import PIPELINES
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.bundle.bundle import Bundle, find_bundle

GOAL, TINY_GOAL = 1.05, 1.02
CAPTION = "a red boat on the sea at night"
SEED = 7
TINY: dict[str, dict[str, int | float]] = {
    "image": {"steps": 30, "width": 64, "height": 64},
    "audio": {"steps": 30, "seconds": 0.5},
    "video": {"steps": 30, "width": 64, "height": 64, "frames": 9},
}
"""Settings of tiny pipelines."""


def renderer_of(bundle: Bundle, modality: str) -> DiffusionRenderer:
    """The bundle's renderer of one modality.

    Raises:
        TypeError: it is not one of the built-in diffusion renderers.
    """
    made = load(discover().renderer(bundle.signal(modality).renderer))(bundle.decoder(modality))
    if not isinstance(made, DiffusionRenderer):
        raise TypeError(f"{made.id} runs no diffusers pipeline")
    return made


def tiny_renderer(name: str, folder: Path) -> DiffusionRenderer:
    """A renderer on a tiny random pipeline of a class that `tests.tiny_pipelines` can make."""
    from tests import tiny_pipelines

    modality = PIPELINES[name].modality
    tiny_pipelines.write(name, folder / name)
    manifest = discover().renderer(f"medley.{modality}")
    made = load(manifest)(Decoder(folder / name, "tiny", settings=TINY[modality]))
    assert isinstance(made, DiffusionRenderer)
    return made


def condition_of(renderer: DiffusionRenderer) -> Condition:
    """The caption's arrays where the class takes any, so that neither side encodes words."""
    if not renderer.row.arrays:
        return Condition(caption=CAPTION)
    models = renderer.parts.load("cpu", renderer.row.text)
    found = text.encode(renderer.row, models, [CAPTION])
    return Condition({name: value[0].float().numpy() for name, value in found.items()})


def both_sides(
    renderer: DiffusionRenderer, condition: Condition
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Renders one artifact to the last byte of its file; and calls the pipeline alone."""
    memory = UnlimitedMemory()
    stage = RenderStage(SEED, memory=memory)
    values = {parameter.name: parameter.default for parameter in renderer.parameters}
    conditioned = renderer.conditioned(condition, values, stage)
    with renderer.parts.lease(stage, renderer.extra) as models:
        pipeline = calls.new_pipeline(renderer.row, models, renderer.index, renderer.row.name)

    def bare() -> object:
        generator = torch.Generator("cpu").manual_seed(SEED)
        with torch.no_grad():
            return pipeline(
                **conditioned,
                **renderer.arguments(values),
                **calls.common(renderer.row, renderer.denoiser_config, values, generator),
            )

    return lambda: renderer.render(condition, {}, RenderStage(SEED, memory=memory)), bare


def seconds(work: Callable[[], object], clock: Clock) -> float:
    """Seconds of one call."""
    begin = clock.now()
    work()
    return clock.now() - begin


def measure(
    what: str, renderer: DiffusionRenderer, repeats: int, clock: Clock, goal: float
) -> None:
    """Print the ratio: the median over interleaved repeats."""
    ours, bare = both_sides(renderer, condition_of(renderer))
    ours(), bare()  # the first pair loads and warms up
    pairs = [(seconds(ours, clock), seconds(bare, clock)) for _ in range(repeats)]
    ratio = statistics.median(our / plain for our, plain in pairs)
    medians = [statistics.median(side) for side in zip(*pairs, strict=True)]
    print(
        f"render overhead, {what}: renderer / bare diffusers = {ratio:.3f} (goal <= {goal}); "
        f"{medians[0]:.3f} / {medians[1]:.3f} s, {repeats} times each{clock.note}"
    )


def main() -> None:
    """Measure every modality, or the one asked for; with `--tiny`, every class."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--bundle")
    parser.add_argument("--modality")
    parser.add_argument("--tiny", nargs="*", metavar="CLASS")
    parser.add_argument("--repeats", type=int, default=7)
    add_options(parser)
    args = parser.parse_args()
    clock = Clock(args)
    if clock.threads:
        torch.set_num_threads(clock.threads)
    warnings.simplefilter("ignore")
    if args.tiny is not None:
        from tests import tiny_pipelines

        with tempfile.TemporaryDirectory() as folder:
            for name in args.tiny or tiny_pipelines.CLASSES:
                renderer = tiny_renderer(name, Path(folder))
                measure(name, renderer, args.repeats, clock, TINY_GOAL)
        return
    bundle = Bundle.open(find_bundle(args.bundle), verify="size")
    for modality in [args.modality] if args.modality else bundle.manifest.signals:
        measure(modality, renderer_of(bundle, modality), args.repeats, clock, GOAL)


if __name__ == "__main__":
    main()
