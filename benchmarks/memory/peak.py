"""Peak memory of one answer that holds words, a picture, a sound and a clip.

The answer is made in a process of its own, whose largest resident size is reported. Where the
model's reply lacks a modality, one more turn that allows only that one is added, and said so.

    python -m benchmarks.memory.peak [--bundle NAME|DIR]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import ArtifactReady, Message, TextPart, Turn, TurnFailed
from runtime.opening import EngineOptions, open_engine

REQUEST = "show me a red boat on the sea, let me hear it, and make it move"
SEED = 7


def answer(engine: Engine, allowed: tuple[str, ...] | None) -> set[str]:
    """Modalities of the artifacts that one turn made.

    Raises:
        RuntimeError: the turn failed.
    """
    turn = Turn((Message("user", (TextPart(REQUEST),)),), allowed=allowed, seed=SEED)
    made = set()
    for event in engine.answer(turn):
        if isinstance(event, TurnFailed):
            raise RuntimeError(event.problem)
        if isinstance(event, ArtifactReady):
            made.add(event.modality)
    return made


def peak_bytes() -> int:
    """Largest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure_here(bundle: Bundle) -> dict[str, int | list[str]]:
    """Answer, then report the peak and which modalities needed a turn of their own."""
    with open_engine(EngineOptions(bundle, device="cpu")) as engine:
        made = answer(engine, None)
        extra = [modality for modality in bundle.manifest.signals if modality not in made]
        for modality in extra:
            answer(engine, (modality,))
    return {"peak": peak_bytes(), "extra": extra}


def main() -> None:
    """Print the peak of a fresh process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bundle", default="pocket")
    parser.add_argument("--here", action="store_true", help="measure this process, print JSON")
    args = parser.parse_args()
    bundle = Bundle.open(find_bundle(args.bundle))
    if args.here:
        print(json.dumps(measure_here(bundle)))
        return
    command = [sys.executable, "-m", "benchmarks.memory.peak", "--here", "--bundle", args.bundle]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    size = sum(file.size for file in bundle.manifest.files.values())
    note = f"; {', '.join(found['extra'])} in turns of their own" if found["extra"] else ""
    print(
        f"peak memory of a four-modality answer: {found['peak'] / 2**20:.0f} MiB "
        f"(bundle {bundle.name}: {size / 2**20:.1f} MiB){note}"
    )


if __name__ == "__main__":
    main()
