"""`medley doctor`: what this machine has, and what that is enough for.

Asks torch, llama.cpp and FFmpeg themselves. Runs no model.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from desktop.cli.options import Parser, add_json
from desktop.cli.printing import devices
from desktop.cli.printing.needs import memory_line, memory_of, part_lines
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import printable
from plugins.errors import KnownError
from runtime.needs.machine import available_bytes
from runtime.process.processor import check_processor


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley doctor`."""
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the report."""
    return doctor(options.json)


def doctor(as_json: bool) -> int:
    """Print the report; 0 if at least one bundle can run here.

    Raises:
        KnownError: nothing can run here, and why.
    """
    report = examine()
    if as_json:
        print(json.dumps(report))
    else:
        _print_report(report)
    if not any(bundle["fits"] for bundle in report["bundles"]):
        found = (
            "; ".join(f"{b['name']}: {b['why']}" for b in report["bundles"]) or "no bundle found"
        )
        raise KnownError(f"no bundle can run here: {found}. Install one, or free some memory.")
    return 0


def examine() -> dict[str, Any]:
    """The facts by section: `system`, `torch`, `llama_cpp`, `devices`, `codecs`, `tools`,
    `bundles`."""
    from runtime.components.devices import found as ask

    llama, found = _llama_cpp(), ask()
    return {
        "medley": version("medley"),
        "system": _system(),
        "torch": _torch(),
        "llama_cpp": llama,
        "devices": devices.as_json(found),
        "codecs": _codecs(),
        "tools": _tools(),
        "bundles": _bundles(),
    }


def _system() -> dict[str, Any]:
    import psutil

    memory = psutil.virtual_memory()
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_bytes": memory.total,
        "memory_free_bytes": available_bytes(),
        "disk_free_bytes": shutil.disk_usage(Path.cwd()).free,
        "encoding": sys.getfilesystemencoding(),
    }


def _torch() -> dict[str, Any]:
    import torch

    cuda = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return {"version": torch.__version__, "threads": torch.get_num_threads(), "cuda": cuda}


def _llama_cpp() -> dict[str, Any]:
    check_processor()
    import llama_cpp

    return {
        "version": version("llama-cpp-python"),
        "gpu_offload": bool(llama_cpp.llama_supports_gpu_offload()),
        "system": llama_cpp.llama_print_system_info().decode("utf-8", "replace").strip(),
    }


def _codecs() -> dict[str, Any]:
    import av
    import soundfile

    return {
        "ffmpeg": av.ffmpeg_version_info,
        "h264": "libx264" in av.codecs_available,
        "vp9": "libvpx-vp9" in av.codecs_available,
        "libsndfile": soundfile.__libsndfile_version__,
    }


def _tools() -> dict[str, Any]:
    """How many of Medley's own tools work here, and what the others lack."""
    from plugins.manifest import BUILT_IN, discover, load_tool

    own = [load_tool(tool)().missing() for tool in discover().tools if tool.plugin == BUILT_IN]
    missing = [str(problem) for problem in own if problem is not None]
    return {"count": len(own) - len(missing), "missing": missing}


def _bundles() -> list[dict[str, Any]]:
    from runtime.bundle.bundle import Bundle, list_bundles
    from runtime.components.devices import AUTO, choose_device, places

    where, found = places(AUTO, choose_device(AUTO)), []
    for entry in list_bundles():
        try:
            bundle = Bundle.open(entry.folder, verify="size")
            memory = memory_of(bundle, where)
        except KnownError as error:
            found.append({"name": entry.name, "fits": False, "why": str(error)})
            continue
        why = memory_line(memory)
        found.append({"name": entry.name, "fits": memory["fits"], "why": why, "memory": memory})
    return found


def _print_report(report: dict[str, Any]) -> None:
    system, torch, llama = report["system"], report["torch"], report["llama_cpp"]
    codecs, said = report["codecs"], report["devices"]["said"]
    lines = {
        "Medley": report["medley"],
        "Python": f"{system['python']} on {system['platform']}",
        "Processor": f"{system['cores']} cores",
        "Memory": f"{_gigabytes(system['memory_bytes'])}, "
        f"{_gigabytes(system['memory_free_bytes'])} free",
        "Disk": f"{_gigabytes(system['disk_free_bytes'])} free here",
        "torch": f"{torch['version']}, {torch['threads']} threads; {said['torch']}",
        "llama.cpp": f"{llama['version']}; {said['llama.cpp']}",
        "": llama["system"],
        "Graphics": said["advice"],
        "Clips": _clips(codecs),
        "Sounds": f"libsndfile {codecs['libsndfile']}",
        "Tools": f"{report['tools']['count']} work here",
    }
    for name, text in lines.items():
        print(f"{name:14}{printable(text)}")
    for problem in report["tools"]["missing"]:
        print(f"{'':14}{printable(problem)}")
    for bundle in report["bundles"]:
        verdict = "can run" if bundle["fits"] else "cannot run"
        print(f"{'Bundle':14}{shown(bundle['name'])} {verdict}: {printable(bundle['why'])}")
        for line in part_lines(bundle["memory"]) if "memory" in bundle else ():
            print(f"{'':16}{printable(line)}")


def _clips(codecs: dict[str, Any]) -> str:
    if codecs["h264"]:
        return f"H.264 in MP4 (libavcodec {codecs['ffmpeg']})"
    return "VP9 in WebM" if codecs["vp9"] else "no encoder found; clips cannot be written"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
