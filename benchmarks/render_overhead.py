"""A renderer against the bare diffusers pipeline it runs: seconds for the same artifact.

Both sides run in this process on the same resident weights, in turns: a busy machine slows both.
Ours holds everything between a condition and a finished file: leasing, progress, encoding of the
PNG, WAV or MP4. The bare side is one call of the pipeline that returns arrays.

    python -m benchmarks.render_overhead [--bundle NAME|DIR] [--repeats N] [--modality M] [--cpu]
"""

from __future__ import annotations

import argparse
import statistics
import warnings
from collections.abc import Callable
from typing import Any

import torch

from benchmarks._clock import Clock, add_options
from plugins.api import Condition
from plugins.builtin import loading
from plugins.builtin.diffusion import DiffusionRenderer, new_pipeline
from plugins.manifest import discover, load
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.bundle.bundle import Bundle, find_bundle

GOAL = 1.05
CAPTION = "a red boat on the sea at night"
SEED = 7
UNCHECKED: dict[str, dict[str, Any]] = {
    "StableDiffusionPipeline": {
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }
}
"""Components that a pipeline's class requires besides those of a decoder."""


def renderer_of(bundle: Bundle, modality: str) -> DiffusionRenderer:
    """The bundle's renderer of one modality.

    Raises:
        TypeError: it is not one of the built-in diffusion renderers.
    """
    made = load(discover().renderer(bundle.signal(modality).renderer))(bundle.decoder(modality))
    if not isinstance(made, DiffusionRenderer):
        raise TypeError(f"{made.id} runs no diffusers pipeline")
    return made


def our_side(renderer: DiffusionRenderer, condition: Condition) -> Callable[[], object]:
    """Renders one artifact, to the last byte of its file."""
    memory = UnlimitedMemory()
    return lambda: renderer.render(condition, {}, RenderStage(SEED, memory=memory))


def bare_side(renderer: DiffusionRenderer, condition: Condition) -> Callable[[], object]:
    """Calls the pipeline with the same embedding, size and steps."""
    components = loading.components_of(renderer.folder, renderer.pipeline, renderer.without())
    models = {
        name: loading.load_component(renderer.folder, name, cls, "cpu")
        for name, cls in components.items()
    } | renderer.extra("cpu")
    pipeline = new_pipeline(renderer.pipeline, models, **UNCHECKED.get(renderer.pipeline, {}))
    shape = renderer.condition_shape(models)
    wanted = torch.from_numpy(condition.embeds).reshape(1, *shape)
    options = pipeline_options({p.name: p.default for p in renderer.parameters})

    def call() -> object:
        with torch.no_grad():
            return pipeline(
                prompt_embeds=wanted,
                negative_prompt_embeds=renderer.encode(models, [""]),
                generator=torch.Generator("cpu").manual_seed(SEED),
                output_type="np",
                **options,
            )

    return call


def pipeline_options(values: dict[str, Any]) -> dict[str, Any]:
    """The renderer's parameters under the names that diffusers gives them."""
    names = {
        "steps": "num_inference_steps",
        "guidance": "guidance_scale",
        "width": "width",
        "height": "height",
        "frames": "num_frames",
        "seconds": "audio_length_in_s",
    }
    return {names[name]: value for name, value in values.items() if name in names}


def seconds(work: Callable[[], object], clock: Clock) -> float:
    """Seconds of one call."""
    begin = clock.now()
    work()
    return clock.now() - begin


def measure(bundle: Bundle, modality: str, repeats: int, clock: Clock) -> None:
    """Print the ratio: the median over interleaved repeats."""
    renderer = renderer_of(bundle, modality)
    condition = Condition({"embeds": renderer.condition_targets([CAPTION])[0]})
    ours, bare = our_side(renderer, condition), bare_side(renderer, condition)
    ours(), bare()  # the first pair loads and warms up
    pairs = [(seconds(ours, clock), seconds(bare, clock)) for _ in range(repeats)]
    ratio = statistics.median(our / plain for our, plain in pairs)
    medians = [statistics.median(side) for side in zip(*pairs, strict=True)]
    print(
        f"render overhead, {modality}: renderer / bare diffusers = {ratio:.3f} (goal <= {GOAL}); "
        f"{medians[0]:.3f} / {medians[1]:.3f} s, {repeats} times each"
        f"{clock.note}"
    )


def main() -> None:
    """Measure every modality of the bundle."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bundle", default="pocket")
    parser.add_argument("--modality", action="append")
    parser.add_argument("--repeats", type=int, default=7)
    add_options(parser)
    args = parser.parse_args()
    clock = Clock(args)
    if clock.threads:
        torch.set_num_threads(clock.threads)
    # What diffusers would rather have in a scheduler's file is not what is measured.
    warnings.filterwarnings("ignore", category=FutureWarning, module="diffusers")
    bundle = Bundle.open(find_bundle(args.bundle))
    for modality in args.modality or bundle.manifest.signals:
        measure(bundle, modality, args.repeats, clock)


if __name__ == "__main__":
    main()
