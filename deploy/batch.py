"""Answers a file of prompts by several engines at once, under Ray Data.

    python -m deploy.batch prompts.jsonl out --bundle pocket --engines 2

Each engine is a process of its own with the whole bundle; Ray Data hands it prompts, and starts
another one where one is lost. `out/outcomes.jsonl` gets a line as each prompt is answered, beside
the pictures, sounds and clips. Started again it goes on with what is not answered yet.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import ray
import ray.data

from deploy.prompts import Outcome, Output, Prompt, answered, read
from desktop.serve.settings import HOST
from plugins.errors import KnownError
from runtime.opening import EngineOptions, open_bundle, open_engine


class Answerer:
    """One engine; what Ray Data calls with each row."""

    def __init__(self, bundle: str, device: str, threads: int) -> None:
        self._engine = open_engine(EngineOptions(bundle, device, threads=threads))

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with a prompt becomes one with its outcome; both are msgpack."""
        one = msgspec.msgpack.decode(row["prompt"], type=Prompt)
        return {"outcome": msgspec.msgpack.encode(answered(self._engine, one))}


def outcomes(
    prompts: list[Prompt], bundle: str, *, engines: int, device: str, threads: int, cpus_each: float
) -> Iterator[Outcome]:
    """What becomes of prompts, in the order in which they are done. Ray is started before.

    Args:
        prompts: each with an id.
        bundle: name or folder.
        engines: that answer at once.
        device: of each.
        threads: of each.
        cpus_each: that an engine counts for where Ray places it.
    """
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    rows = [{"prompt": msgspec.msgpack.encode(one)} for one in prompts]
    # A block for each prompt, so that no engine waits for another's share.
    found = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
        Answerer,
        fn_constructor_kwargs={"bundle": bundle, "device": device, "threads": threads},
        compute=ray.data.ActorPoolStrategy(size=engines),
        num_cpus=cpus_each,
        num_gpus=1 if device.startswith("cuda") else 0,
    )
    for row in found.iter_rows():
        yield msgspec.msgpack.decode(row["outcome"], type=Outcome)


def main(arguments: list[str] | None = None) -> int:
    """Answer the prompts; 0 where each has an answer, else 1."""
    options = _parser().parse_args(arguments)
    try:
        prompts, output = read(options.prompts), Output(options.out)
        open_bundle(options.bundle)
    except KnownError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    done = output.done()
    left = [one for one in prompts if one.id not in done]
    print(f"{len(prompts)} prompts, {len(prompts) - len(left)} of them answered before")
    if not left:
        return 0
    failed, began = 0, time.monotonic()
    ray.init(
        address="local",
        num_cpus=options.cpus,
        object_store_memory=options.store_mb << 20,
        include_dashboard=False,
        _node_ip_address=HOST,
        log_to_driver=False,
    )
    try:
        for number, one in enumerate(
            outcomes(
                left,
                options.bundle,
                engines=options.engines,
                device=options.device,
                threads=options.threads,
                cpus_each=options.cpus_each,
            ),
            start=1,
        ):
            output.add(one)
            failed += bool(one.error)
            said = one.error or ", ".join([one.text[:60], *(file.name for file in one.files)])
            print(f"{number:5}  {time.monotonic() - began:6.1f} s  {one.id}: {said}", flush=True)
    finally:
        ray.shutdown()
    print(f"{len(left) - failed} answered, {failed} failed; {options.out}/outcomes.jsonl")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.batch", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("prompts", type=Path, metavar="FILE", help="a line of JSON for each prompt")
    parser.add_argument("out", type=Path, metavar="FOLDER")
    parser.add_argument("--bundle", default="auto", help="name or folder")
    parser.add_argument("--engines", type=int, default=2, help="that answer at once")
    parser.add_argument(
        "--device", default="cpu", help="of each: cpu, or cuda with a card for each"
    )
    parser.add_argument("--threads", type=int, default=1, help="of each")
    parser.add_argument("--cpus", type=int, help="that Ray may hand out (default: all)")
    parser.add_argument("--cpus-each", type=float, default=1.0, help="that an engine counts for")
    parser.add_argument("--store-mb", type=int, default=200, help="shared memory, MiB")
    return parser


if __name__ == "__main__":
    sys.exit(main())
