"""Reads the head of a GGUF file, whatever is inside, with bounds on everything.

A GGUF comes from anywhere: a language model, the part of one that takes in pictures and sounds, an
adapter, one piece of several. Knows the file format; knows no llama.cpp and no kind of model.
Memory and time are bounded by the file's own size and by the limits below, whatever it claims.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Never

from plugins.errors import KnownError, Problem, phrase
from plugins.regular_files import open_regular

VERSIONS: Final = (2, 3)
MAX_TENSORS: Final = 65_536
MAX_KEYS: Final = 65_536
MAX_STRING: Final = 16 * 1024 * 1024
"""Bytes of one string; the longest real ones are chat templates and word lists."""
MAX_NAME: Final = 63
"""Bytes of a tensor name in llama.cpp."""
MAX_LIST: Final = 1024
"""Numbers of a list that is kept; the longest useful ones have one number for each layer."""
TOKENS: Final = "tokenizer.ggml.tokens"
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
"""Types of values that others ask for, as the format numbers them."""

_SCALARS: Final = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
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
class GgufTensor:
    """One tensor, as the head describes it."""

    kind: int
    """Ggml tensor type."""
    shape: tuple[int, ...]
    """The length of a row first, as ggml has it."""
    size: int
    """Bytes."""

    @property
    def values(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class GgufHead:
    """Everything that a GGUF file says before its weights."""

    metadata: dict[str, Any] = field(repr=False)
    """Scalars and strings by key. Of an array only its length, as `(element type, length)`."""
    kinds: dict[str, int] = field(repr=False)
    """The type of each value, by key."""
    lists: dict[str, tuple[Any, ...]] = field(repr=False)
    """The elements of short arrays of numbers, by key."""
    tensors: dict[str, GgufTensor] = field(repr=False)

    @property
    def bytes_by_type(self) -> dict[int, int]:
        """Bytes of all tensors of one type, by ggml tensor type."""
        found: dict[int, int] = {}
        for tensor in self.tensors.values():
            found[tensor.kind] = found.get(tensor.kind, 0) + tensor.size
        return found

    def number(self, key: str) -> int:
        """A count that the file states; 0 where it states none, or one for each layer."""
        found = self.metadata.get(key)
        return found if isinstance(found, int) and found > 0 else 0

    def text(self, key: str) -> str:
        """A text that the file states; empty where it states none."""
        found = self.metadata.get(key)
        return found if isinstance(found, str) else ""


def read_head(path: Path) -> GgufHead:
    """The head of any sound GGUF file.

    Raises:
        KnownError: no file that can be read, not GGUF, another version, or cut short.
    """
    with opened(path) as reader:
        metadata = reader.metadata()
        return reader.head(metadata)


@contextmanager
def opened(path: Path) -> Iterator[HeadReader]:
    """A reader at the begin of a file.

    Raises:
        KnownError: as `read_head`.
    """
    try:
        with open_regular(path) as file:
            size = file.seek(0, 2)
            if size < 24:
                refuse(
                    path, phrase("at least 24 bytes of GGUF"), phrase("{count} bytes", count=size)
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                yield HeadReader(path, view)
    except OSError as error:
        raise KnownError(
            "expected a GGUF file at {path}, found none that can be read ({strerror}): check "
            "the path",
            path=path,
            strerror=error.strerror or error,
        ) from error


def refuse(path: Path, expected: str | Problem, found: str | Problem) -> Never:
    """
    Raises:
        KnownError: always; what was expected and what was found.
    """
    raise KnownError(
        "expected {expected} in {path}, found {found}: get the file again from its source",
        expected=expected,
        path=path.name,
        found=found,
    )


class HeadReader:
    """A cursor that never passes the end of the file: first `metadata`, then `head`."""

    def __init__(self, path: Path, view: mmap.mmap) -> None:
        self._path = path
        self._view = view
        self._size = len(view)
        self._at = 0
        self._n_tensors = 0
        self._kinds: dict[str, int] = {}
        self._lists: dict[str, tuple[Any, ...]] = {}
        self._tokens_at = self._n_tokens = 0

    def metadata(self) -> dict[str, Any]:
        """Keys and values; see `GgufHead.metadata`.

        Raises:
            KnownError: it is no GGUF, or a key or a value cannot be.
        """
        self._n_tensors, n_keys = self._header()
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._name("key", 65_535)
            if key in metadata:
                self.refuse("each key once", f"{key!r} twice")
            metadata[key] = self._value(key)
        return metadata

    def head(self, metadata: dict[str, Any]) -> GgufHead:
        """The whole head, with the tensors that follow the metadata.

        Raises:
            KnownError: a tensor cannot be, or the file ends before its last one does.
        """
        tensors = self._tensors(metadata.get("general.alignment", 32))
        return GgufHead(metadata, self._kinds, self._lists, tensors)

    def token_texts(self, ids: Collection[int]) -> dict[int, str]:
        """The texts of tokens, by id, after `metadata`; those that are there."""
        unpack, view, at = struct.Struct("<Q").unpack_from, self._view, self._tokens_at
        found: dict[int, str] = {}
        for number in range(min(self._n_tokens, max(ids, default=-1) + 1)):
            length = unpack(view, at)[0]
            if number in ids:
                found[number] = view[at + 8 : at + 8 + length].decode("utf-8", errors="replace")
            at += 8 + length
        return found

    def refuse(self, expected: str, found: str) -> Never:
        """
        Raises:
            KnownError: always.
        """
        refuse(self._path, expected, found)

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
            if count > limit or count * _EMPTY_ENTRY > self._size:
                self.refuse(f"at most {limit} {what}", f"{count} in {self._size} bytes")
        return counts

    def _take(self, count: int) -> bytes:
        begin = self._at
        self._skip(count)
        return self._view[begin : self._at]

    def _skip(self, count: int) -> None:
        if count > self._size - self._at:
            self.refuse(f"{count} bytes more at byte {self._at}", f"{self._size - self._at}")
        self._at += count

    def _number(self, code: str) -> Any:
        return struct.unpack(code, self._take(struct.calcsize(code)))[0]

    def _text(self, limit: int) -> bytes:
        length = self._number("<Q")
        if length > limit:
            self.refuse(f"a text of at most {limit} bytes", f"{length} bytes")
        return self._take(length)

    def _name(self, what: str, limit: int) -> str:
        """The name of a key or a tensor; other programs that read the file fail on any other."""
        data = self._text(limit)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse(f"the name of a {what} in UTF-8", repr(data[:40]))

    def _value(self, key: str) -> Any:
        kind = self._kinds[key] = self._number("<I")
        if kind == STRING:
            return self._text(MAX_STRING).decode("utf-8", errors="replace")
        if kind == ARRAY:
            return self._array(key)
        if kind not in _SCALARS:
            self.refuse("a known value type", f"type {kind}")
        return self._number(_SCALARS[kind])

    def _array(self, key: str) -> tuple[int, int]:
        """Element type and length; of texts only the tokens are looked at."""
        kind, count = self._number("<I"), self._number("<Q")
        begin = self._at
        if kind in _SCALARS:
            self._skip(count * struct.calcsize(_SCALARS[kind]))
            if count <= MAX_LIST:
                code = f"<{count}{_SCALARS[kind][1:]}"
                self._lists[key] = struct.unpack_from(code, self._view, begin)
        elif kind == STRING:
            self._skip_strings(count)
            if key == TOKENS:
                self._check_tokens(begin, count)
                self._tokens_at, self._n_tokens = begin, count
        else:
            self.refuse("an array of numbers or texts", f"element type {kind}")
        return kind, count

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

    def _tensors(self, alignment: Any) -> dict[str, GgufTensor]:
        if not isinstance(alignment, int) or not 1 <= alignment <= 65_536 or alignment % 8:
            self.refuse("an alignment that is a multiple of 8 up to 65536", repr(alignment))
        found: dict[str, GgufTensor] = {}
        last, its_name = 0, ""
        for _ in range(self._n_tensors):
            name = self._name("tensor", MAX_NAME)
            if name in found:
                self.refuse("each tensor once", f"{name!r} twice")
            found[name], begin = self._tensor(name, alignment)
            last, its_name = max((last, its_name), (begin + found[name].size, name))
        end = -(-self._at // alignment) * alignment + last
        if end > self._size:
            refuse(
                self._path,
                phrase("{count} bytes (the end of tensor {name})", count=end, name=repr(its_name)),
                phrase("{count} bytes", count=self._size),
            )
        return found

    def _tensor(self, name: str, alignment: int) -> tuple[GgufTensor, int]:
        """One tensor, and the byte of the data part where it begins."""
        n_dims = self._number("<I")
        if not 1 <= n_dims <= 4:
            self.refuse(f"1 to 4 dimensions of {name!r}", f"{n_dims}")
        shape = tuple(self._number("<Q") for _ in range(n_dims))
        kind, offset = self._number("<I"), self._number("<Q")
        if kind not in BLOCKS:
            self.refuse(f"a known tensor type of {name!r}", f"type {kind}")
        block, size = BLOCKS[kind]
        values = math.prod(shape)
        if min(shape) < 1 or shape[0] % block or values >= 2**63:
            self.refuse(f"a shape of {name!r} in blocks of {block}", f"{list(shape)}")
        if offset % alignment:
            self.refuse(f"{name!r} to begin at a multiple of {alignment}", f"byte {offset}")
        return GgufTensor(kind, shape, values // block * size), offset
