"""The memory that each component of a bundle needs when loaded, and the memory that there is.

Reads the heads of files only; knows no torch and no llama.cpp.
"""

from __future__ import annotations

import math
import platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plugins.errors import KnownError
from runtime.language_model.gguf_check import GgufFacts
from runtime.language_model.sequence_checkpoints import checkpoint_bytes

CACHE_BYTES = 2
"""Bytes per number in the KV cache, which is float16."""
_LOADED_BYTES = 4
"""Bytes per floating-point number of a network: they compute in float32."""
_FLOATS = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})
_OTHERS = {"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1}
_LARGEST_HEADER = 100 << 20
_K_QUANTS = frozenset({10, 11, 12, 13, 14, 15})
_REPACKED = frozenset({2, 20, 39}) | _K_QUANTS
"""Ggml tensor types of which llama.cpp may make a second copy in an order that suits the
processor: Q4_0, IQ4_NL, MXFP4 and the K-quants."""
_REPACKED_ON_ARM = frozenset({8})
"""Q8_0."""
_CPU_FACTS = Path("/proc/cpuinfo")
_GROUPS = Path("/sys/fs/cgroup")
_GROUP_FILES = (
    ("memory.max", "memory.current", "memory.stat"),
    (
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
    ),
)
"""Limit, usage and details of the control group, in its second and its first version."""
_PAGES_OF_FILES = frozenset({"active_file", "inactive_file"})
"""Kinds of memory that the system takes back from a group whenever it needs to."""


@dataclass(frozen=True)
class LanguageModelNeeds:
    """Bytes of a loaded language model."""

    weights: int
    """Its file, which is mapped."""
    cache: int
    """Keys and values of every position of the context."""
    copied: int
    """The second copy that llama.cpp makes of weights; 0 where it makes none."""
    checkpoints: int = 0
    """Places that the sequence can go back to, where the model's memory cannot drop a tail."""

    @property
    def repack(self) -> bool:
        """True if llama.cpp should make that copy."""
        return self.copied > 0

    @property
    def total(self) -> int:
        """All together."""
        return self.weights + self.cache + self.copied + self.checkpoints


def language_model(
    facts: GgufFacts, weights: int, n_ctx: int, *, free: int | None, on_gpu: bool = False
) -> LanguageModelNeeds:
    """The memory of a GGUF with a context of `n_ctx` positions.

    K-quants are never copied: it buys next to nothing and doubles the memory. Others are where the
    copy fits and the processor has no tiles: llama.cpp's kernels for these end the process where a
    container or a virtual machine announces tiles that it does not permit.

    Args:
        facts: of the file's head.
        weights: bytes of the file.
        n_ctx: positions of the context.
        free: bytes that the machine has to give; None where nobody knows.
        on_gpu: whether all layers are on a GPU, for which nothing is copied.
    """
    cache = facts.position_values * n_ctx * CACHE_BYTES
    kinds = _REPACKED | _REPACKED_ON_ARM if _on_arm() else _REPACKED
    copied = sum(size for kind, size in facts.bytes_by_type.items() if kind in kinds)
    k_quants = sum(size for kind, size in facts.bytes_by_type.items() if kind in _K_QUANTS)
    wanted = 2 * k_quants < copied and not on_gpu and not _has_tiles()
    checkpoints = checkpoint_bytes(facts, n_ctx)
    fits = free is None or weights + cache + copied + checkpoints <= free
    return LanguageModelNeeds(weights, cache, copied if wanted and fits else 0, checkpoints)


def network(path: Path) -> int:
    """Bytes of a safetensors file's tensors once they are loaded as float32.

    Raises:
        KnownError: the file has no readable header.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= _LARGEST_HEADER:
                raise ValueError(f"a header of {length} bytes")
            header = msgspec.json.decode(file.read(length), type=dict[str, dict[str, object]])
        return sum(_tensor(entry) for name, entry in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise KnownError(
            "{path}: expected a safetensors file, found none that can be read ({error}). "
            "Install the bundle again.",
            path=path.name,
            error=error,
        ) from error


def _tensor(entry: dict[str, object]) -> int:
    shape = msgspec.convert(entry["shape"], tuple[int, ...])
    kind = str(entry["dtype"])
    return math.prod(shape) * (_LOADED_BYTES if kind in _FLOATS else _OTHERS[kind])


def _on_arm() -> bool:
    return platform.machine().lower() in ("aarch64", "arm64")


def _has_tiles() -> bool:
    """True if the processor says that it has AMX tiles."""
    try:
        return " amx_tile" in _CPU_FACTS.read_text("utf-8", "replace")
    except OSError:
        return False


def available_bytes() -> int:
    """Memory that this process could still take without pushing others out, in bytes.

    What a container allows counts where it is less than what the machine has.
    """
    import psutil

    found = int(psutil.virtual_memory().available)
    for files in _GROUP_FILES:
        with suppress(OSError, ValueError):  # There is no such group, or it knows no limit.
            found = min(found, _left_of_group(*(_GROUPS / name for name in files)))
    return max(found, 0)


def _left_of_group(limit: Path, usage: Path, details: Path) -> int:
    counts = dict(line.split() for line in details.read_text().splitlines())
    pages = sum(int(counts.get(name, 0)) for name in _PAGES_OF_FILES)
    return int(limit.read_text()) - int(usage.read_text()) + pages
