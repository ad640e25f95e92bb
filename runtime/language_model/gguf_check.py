"""Reads the header of a GGUF file with bounds on everything, before llama.cpp may open it.

A GGUF comes from anywhere, and llama.cpp ends the whole process on some broken ones. Knows the
file format; knows no llama.cpp. Memory and time are bounded by the file's own size and by the
limits below, whatever the file claims.
"""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Never

from plugins.errors import KnownError
from runtime.language_model.gguf_layers import LayerFacts, LayerTally

VERSIONS: Final = (2, 3)
MAX_TENSORS: Final = 65_536
MAX_KEYS: Final = 65_536
MAX_STRING: Final = 16 * 1024 * 1024
"""Bytes of one string; the longest real ones are chat templates and word lists."""
MAX_NAME: Final = 63
"""Bytes of a tensor name in llama.cpp."""
MAX_VOCABULARY: Final = 4_000_000

_SCALARS: Final = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
_STRING, _ARRAY, _FLOAT32, _INT32, _UINT32 = 8, 9, 6, 5, 4
_SIZES: Final = {"embedding_length": 2**20, "context_length": 2**31 - 1, "block_count": 512}
_TOKENS: Final = "tokenizer.ggml.tokens"
_EMPTY_ENTRY: Final = 12
"""The fewest bytes that a key with its value, or a tensor's entry, can take."""

BLOCKS: Final[dict[int, tuple[int, int]]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66),
    39: (32, 17), 40: (64, 36), 41: (128, 18), 42: (64, 18),
}  # fmt: skip
"""Values and bytes of one block, by ggml tensor type."""


@dataclass(frozen=True)
class GgufFacts:
    """Facts from the header of a valid GGUF file."""

    architecture: str
    d_model: int
    n_vocab: int
    n_ctx_train: int
    """Positions the model was trained for."""
    n_tensors: int
    metadata: dict[str, Any] = field(repr=False)
    """Scalars and strings by key. Of an array only its length, as `(element type, length)`."""
    bytes_by_type: dict[int, int] = field(repr=False)
    """Bytes of all tensors of one type, by ggml tensor type."""
    layers: tuple[LayerFacts, ...] = field(default=(), repr=False)
    output_bytes: int = 0
    """Bytes of the output, which may be the table of the input."""

    @property
    def tensor_bytes(self) -> int:
        """Bytes of all tensors."""
        return sum(self.bytes_by_type.values())

    def number(self, key: str, default: int) -> int:
        """A count above 0 that the architecture states; the default where it states none, or one
        for each layer."""
        found = self.metadata.get(f"{self.architecture}.{key}")
        return found if isinstance(found, int) and found > 0 else default


def check_gguf(path: Path, *, d_model: int | None = None, n_vocab: int | None = None) -> GgufFacts:
    """Facts of a sound GGUF language model of the expected size.

    Raises:
        KnownError: not a file, not GGUF, another version, cut short, or a size that differs from
            `d_model` or `n_vocab`; the text holds both numbers.
    """
    try:
        facts = _read(path)
    except OSError as error:
        raise KnownError(
            "expected a GGUF file at {path}, found none that can be read ({strerror}): check "
            "the path",
            path=path,
            strerror=error.strerror or error,
        ) from error
    for what, expected, found in (
        ("d_model", d_model, facts.d_model),
        ("n_vocab", n_vocab, facts.n_vocab),
    ):
        if expected is not None and expected != found:
            raise KnownError(
                "expected {what} {expected} in {path}, found {found}: the bundle's manifest "
                "and its language model do not belong together",
                what=what,
                expected=expected,
                path=path.name,
                found=found,
            )
    return facts


def _read(path: Path) -> GgufFacts:
    with path.open("rb") as file:
        if path.stat().st_size < 24:
            _refuse(path, "at least 24 bytes of GGUF", f"{path.stat().st_size}")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return _Reader(path, view).facts()


def _refuse(path: Path, expected: str, found: str) -> Never:
    raise KnownError(
        "expected {expected} in {path}, found {found}: get the file again from its source",
        expected=expected,
        path=path.name,
        found=found,
    )


class _Reader:
    """A cursor that never passes the end of the file."""

    def __init__(self, path: Path, view: mmap.mmap) -> None:
        self._path = path
        self._view = view
        self._size = len(view)
        self._at = 0

    def facts(self) -> GgufFacts:
        n_tensors, n_keys = self._header()
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._name("key", 65_535)
            if key in metadata:
                self.refuse("each key once", f"{key!r} twice")
            metadata[key] = self._value(key)
        self._check_vocabulary(metadata)
        tally = LayerTally()
        sizes = self._check_tensors(n_tensors, metadata.get("general.alignment", 32), tally)
        return self._summary(n_tensors, metadata, sizes, tally)

    def refuse(self, expected: str, found: str) -> Never:
        _refuse(self._path, expected, found)

    def _header(self) -> tuple[int, int]:
        magic = self._take(4)
        if magic != b"GGUF":
            self.refuse("the letters GGUF at the start", repr(magic))
        version = self._number("<I")
        if version not in VERSIONS:
            self.refuse("GGUF version 2 or 3", f"version {version}")
        counts = self._number("<Q"), self._number("<Q")
        for what, count, limit in zip(
            ("tensors", "keys"), counts, (MAX_TENSORS, MAX_KEYS), strict=True
        ):
            if not 0 < count <= limit or count * _EMPTY_ENTRY > self._size:
                self.refuse(f"1 to {limit} {what}", f"{count} in {self._size} bytes")
        return counts

    def _take(self, count: int) -> bytes:
        if count > self._size - self._at:
            self.refuse(f"{count} bytes more at byte {self._at}", f"{self._size - self._at}")
        self._at += count
        return self._view[self._at - count : self._at]

    def _number(self, code: str) -> Any:
        return struct.unpack(code, self._take(struct.calcsize(code)))[0]

    def _string(self, limit: int) -> str:
        length = self._number("<Q")
        if length > limit:
            self.refuse(f"a text of at most {limit} bytes", f"{length} bytes")
        return self._take(length).decode("utf-8", errors="replace")

    def _name(self, what: str, limit: int) -> str:
        """The name of a key or a tensor; other programs that read the file fail on any other."""
        length = self._number("<Q")
        if length > limit:
            self.refuse(f"a text of at most {limit} bytes", f"{length} bytes")
        data = self._take(length)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse(f"the name of a {what} in UTF-8", repr(data[:40]))

    def _value(self, key: str) -> Any:
        kind = self._number("<I")
        if kind == _STRING:
            return self._string(MAX_STRING)
        if kind == _ARRAY:
            return self._array(key)
        if kind not in _SCALARS:
            self.refuse("a known value type", f"type {kind}")
        return self._number(_SCALARS[kind])

    def _array(self, key: str) -> tuple[int, int]:
        """Element type and length; of the elements only the tokens are looked at."""
        kind, count = self._number("<I"), self._number("<Q")
        if kind in _SCALARS:
            self._skip(count * struct.calcsize(_SCALARS[kind]))
        elif kind == _STRING:
            begin = self._at
            self._skip_strings(count)
            if key == _TOKENS:
                self._check_tokens(begin, count)
        else:
            self.refuse("an array of numbers or texts", f"element type {kind}")
        return kind, count

    def _skip(self, count: int) -> None:
        if count > self._size - self._at:
            self.refuse(f"{count} bytes more at byte {self._at}", f"{self._size - self._at}")
        self._at += count

    def _skip_strings(self, count: int) -> None:
        if count > (self._size - self._at) // 8:
            self.refuse(f"{count} texts", f"{self._size - self._at} bytes left")
        unpack, view, at, size = struct.Struct("<Q").unpack_from, self._view, self._at, self._size
        for _ in range(count):
            end = at + 8
            if end <= size:
                end += unpack(view, at)[0]
            if end > size:
                self.refuse("texts inside the file", f"one that ends at byte {end} of {size}")
            at = end
        self._at = at

    def _check_tokens(self, begin: int, count: int) -> None:
        """Each token once, as a C text; llama.cpp ends the process otherwise."""
        unpack, view, at = struct.Struct("<Q").unpack_from, self._view, begin
        seen: set[bytes] = set()
        for _ in range(count):
            length = unpack(view, at)[0]
            token = view[at + 8 : at + 8 + length]
            at += 8 + length
            if token and (token in seen or b"\0" in token):
                self.refuse("each token once and without a zero byte", repr(token[:40]))
            seen.add(token)

    def _check_vocabulary(self, metadata: dict[str, Any]) -> None:
        """Every list about tokens is as long as the list of tokens, and of the right type."""
        tokens = metadata.get(_TOKENS)
        if not isinstance(tokens, tuple) or tokens[0] != _STRING:
            self.refuse("a list of tokens", "none")
        if not 0 < tokens[1] <= MAX_VOCABULARY:
            self.refuse(f"1 to {MAX_VOCABULARY} tokens", f"{tokens[1]}")
        for name, kinds in (("scores", (_FLOAT32,)), ("token_type", (_INT32, _UINT32))):
            found = metadata.get(f"tokenizer.ggml.{name}")
            if found is not None and (
                not isinstance(found, tuple) or found[0] not in kinds or found[1] != tokens[1]
            ):
                self.refuse(f"{tokens[1]} numbers in tokenizer.ggml.{name}", repr(found))

    def _check_tensors(self, n_tensors: int, alignment: Any, tally: LayerTally) -> dict[int, int]:
        """Bytes of all tensors by their type; each is told to `tally`."""
        if not isinstance(alignment, int) or not 1 <= alignment <= 65_536 or alignment % 8:
            self.refuse("an alignment that is a multiple of 8 up to 65536", repr(alignment))
        names: set[str] = set()
        ends, sizes = [], dict[int, int]()
        for _ in range(n_tensors):
            name, kind, begin, shape, size = self._tensor_entry(alignment)
            if name in names:
                self.refuse("each tensor once", f"{name!r} twice")
            names.add(name)
            tally.add(name, shape, size)
            ends.append((begin + size, name))
            sizes[kind] = sizes.get(kind, 0) + size
        data_start = -(-self._at // alignment) * alignment
        last, name = max(ends)
        if data_start + last > self._size:
            self.refuse(
                f"{data_start + last} bytes (the end of tensor {name!r})", f"{self._size} bytes"
            )
        return sizes

    def _tensor_entry(self, alignment: int) -> tuple[str, int, int, list[int], int]:
        """Name and type of one tensor, the byte of the data part where it begins, its shape with
        the length of a row first, its bytes."""
        name = self._name("tensor", MAX_NAME)
        n_dims = self._number("<I")
        if not 1 <= n_dims <= 4:
            self.refuse(f"1 to 4 dimensions of {name!r}", f"{n_dims}")
        shape = [self._number("<Q") for _ in range(n_dims)]
        kind, offset = self._number("<I"), self._number("<Q")
        if kind not in BLOCKS:
            self.refuse(f"a known tensor type of {name!r}", f"type {kind}")
        block, size = BLOCKS[kind]
        if min(shape) < 1 or shape[0] % block or math.prod(shape) >= 2**63:
            self.refuse(f"a shape of {name!r} in blocks of {block}", f"{shape}")
        if offset % alignment:
            self.refuse(f"{name!r} to begin at a multiple of {alignment}", f"byte {offset}")
        return name, kind, offset, shape, math.prod(shape) // block * size

    def _summary(
        self,
        n_tensors: int,
        metadata: dict[str, Any],
        bytes_by_type: dict[int, int],
        tally: LayerTally,
    ) -> GgufFacts:
        architecture = metadata.get("general.architecture")
        if not isinstance(architecture, str):
            self.refuse("a name of the architecture", repr(architecture))
        if metadata.get("split.count", 1) not in (0, 1):
            self.refuse("one whole model", f"one of {metadata['split.count']} pieces of it")
        sizes = {}
        for key, limit in _SIZES.items():
            value = metadata.get(f"{architecture}.{key}")
            if not isinstance(value, int) or not 0 < value <= limit:
                self.refuse(f"1 to {limit} as {architecture}.{key}", repr(value))
            sizes[key] = value
        for key, value in metadata.items():
            least = 0.0 if key.endswith("epsilon") else -math.inf
            if isinstance(value, float) and not (math.isfinite(value) and value >= least):
                self.refuse(f"a sensible number as {key}", repr(value))
        return GgufFacts(
            architecture=architecture,
            d_model=sizes["embedding_length"],
            n_vocab=metadata[_TOKENS][1],
            n_ctx_train=sizes["context_length"],
            n_tensors=n_tensors,
            metadata=metadata,
            bytes_by_type=bytes_by_type,
            layers=tally.layers(),
            output_bytes=tally.output_bytes,
        )
