"""The memory that `medley doctor` says, against what is really taken.

Each language model is opened in a process of its own at each context, and the context is filled as
far as `--fill` says; then each bundle answers in words and in every modality it has. Anonymous
memory and pages of mapped files are compared with the prediction.

    python -m benchmarks.memory.needs [--gguf FILE...] [--contexts N...] [--fill N]
                                      [--bundles NAME|DIR...]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from runtime import needs
from runtime.bundle.bundle import Bundle, find_bundle, list_bundles
from runtime.catalogue import store
from runtime.language_model.gguf_check import check_gguf

POCKET = Path(__file__).resolve().parents[1] / "runtime/bundles/pocket/llm.gguf"
REQUEST = "show me a red boat on the sea"
MIB = 2**20
_BUFFERS = re.compile(r"(KV|RS|compute) buffer size =\s+([\d.]+) MiB")
_SAYS = "import sys; from benchmarks.memory import needs as m; m.{what}(*sys.argv[1:])"


def measured(path: Path, n_ctx: int, fill: int = 512, *, repack: bool = False) -> dict[str, Any]:
    """What a language model takes, opened in a process of its own: bytes `anonymous` and `mapped`
    when it is open and once `fill` positions are decoded, `open_s`, and llama.cpp's own `buffers`
    by kind."""
    found: dict[str, Any] = _asked("print_model", str(path), n_ctx, fill, int(repack))
    return found


def answered(bundle: str) -> dict[str, Any]:
    """What a bundle takes in a process of its own once it answered in words and in every modality,
    one after the other: bytes `anonymous` and `mapped`, before and after, and the `peak`."""
    found: dict[str, Any] = _asked("print_bundle", bundle)
    return found


def resident() -> dict[str, int]:
    """Bytes `anonymous` and `mapped` of this process, and its `peak`."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    names = {"anonymous": "RssAnon", "mapped": "RssFile", "peak": "VmHWM"}
    return {name: int(said[key].split()[0]) * 1024 for name, key in names.items()}


def print_model(path: str, n_ctx: str, fill: str, repack: str) -> None:
    """The measuring process of `measured`."""
    import time

    import llama_cpp.llama_cpp as llama

    from runtime.language_model import llama_session
    from runtime.language_model.device.library import start_llama

    said: list[str] = []
    heard = llama.llama_log_callback(lambda _, text, __: said.append(text.decode("utf-8")))
    start_llama()
    llama.llama_log_set(heard, ctypes.c_void_p(0))
    before, begin = resident(), time.perf_counter()
    session = llama_session.LlamaSession(
        Path(path), n_ctx=int(n_ctx), n_threads=1, repack=repack == "1"
    )
    seconds, opened = time.perf_counter() - begin, resident()
    for start in range(0, int(fill), session.n_batch):
        count = min(session.n_batch, int(fill) - start)
        session.decode_tokens([300] * count, start, logits=True)
    buffers: dict[str, float] = {}
    for kind, size in _BUFFERS.findall("".join(said)):
        buffers[kind] = buffers.get(kind, 0) + float(size) * MIB
    filled = resident()
    session.close()
    report = {"opened": _less(opened, before), "filled": _less(filled, before)}
    print(json.dumps({**report, "open_s": seconds, "buffers": buffers}))


def print_bundle(name: str) -> None:
    """The measuring process of `answered`."""
    from runtime.messages import Message, TextPart, Turn
    from runtime.opening import EngineOptions, open_engine

    with open_engine(EngineOptions(name, device="cpu")) as engine:
        for allowed in engine.bundle.modalities:
            message = Message("user", (TextPart(REQUEST),))
            for _ in engine.answer(Turn((message,), allowed=(allowed,), seed=1)):
                pass
        after = resident()
    print(json.dumps(after))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gguf", nargs="*", type=Path, default=_talkers())
    parser.add_argument("--contexts", nargs="*", type=int, default=[2048, 8192])
    parser.add_argument("--fill", type=int, default=512, help="positions to decode")
    parser.add_argument("--bundles", nargs="*", default=[e.name for e in list_bundles()])
    args = parser.parse_args()
    print("MiB, predicted / measured               context   mapped      anonymous    together")
    for path in args.gguf:
        for n_ctx in args.contexts:
            print(_model_line(path, n_ctx, min(args.fill, n_ctx)), flush=True)
    for name in args.bundles:
        print(_bundle_line(name), flush=True)


def _talkers() -> list[Path]:
    """The small embedded model, and the language models of the catalogue that are here."""
    found = store.installed("talk")
    return [POCKET, *(path for one in found for path in one.folder.glob("*.gguf"))]


def _model_line(path: Path, n_ctx: int, fill: int) -> str:
    said = needs.language_model(check_gguf(path), path.stat().st_size, n_ctx, free=0)
    taken = measured(path, n_ctx, fill)["filled"]
    mapped, anonymous = said.weights, said.total - said.weights
    together = taken["mapped"] + taken["anonymous"]
    return (
        f"{path.name:40.40}{n_ctx:7}   {_pair(mapped, taken['mapped'])}  "
        f"{_pair(anonymous, taken['anonymous'])}  {_pair(said.total, together)}"
    )


def _bundle_line(name: str) -> str:
    bundle = Bundle.open(find_bundle(name), verify="size")
    said = needs.bundle_needs(bundle)
    without = sum(part.ram for part in said.parts if part.kind == "reader")
    taken = answered(name)
    together = taken["anonymous"] + taken["mapped"]
    return (
        f"bundle {bundle.name}, all its renderers: {_pair(said.at_once.ram - without, together)}; "
        f"peak {taken['peak'] / MIB:.0f}"
    )


def _pair(said: int, taken: int) -> str:
    return f"{said / MIB:.0f}/{taken / MIB:.0f} {(said - taken) / max(taken, 1):+.0%}"


def _asked(what: str, *arguments: object) -> Any:
    command = [sys.executable, "-c", _SAYS.format(what=what), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _less(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: now[name] - before[name] for name in ("anonymous", "mapped")}


if __name__ == "__main__":
    main()
