"""A part of an ONNX model as a model of its own: what leads from some tensors to others.

Reads and writes protobuf's wire format itself; messages that stay are copied as they are. Knows no
voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Shape = Sequence[int | str]
"""Sizes, and names of those that vary."""

_GRAPH = 7
"""The field of a model."""
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE = 1, 5, 11, 12, 13
"""Fields of a graph."""
_TENSOR_NAME = 8
_FLOAT = 1
"""A type of numbers."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
"""Kinds of fields."""
_FIXED = {_FIXED64: 8, _FIXED32: 4}


@dataclass(frozen=True)
class _Field:
    """One field of a message."""

    number: int
    value: memoryview
    """Its content; empty for a number."""
    whole: memoryview
    """With what says which field it is."""

    def text(self, number: int) -> str:
        """The first text of a message in this field."""
        return next((str(f.value, "utf-8") for f in _fields(self.value) if f.number == number), "")

    def texts(self, number: int) -> list[str]:
        """All texts of that number."""
        return [str(f.value, "utf-8") for f in _fields(self.value) if f.number == number]


def part(model: bytes, inputs: Mapping[str, Shape], outputs: Sequence[str]) -> bytes:
    """What leads from some tensors to others, with the weights that it needs.

    Args:
        model: an ONNX file.
        inputs: names and shapes of float tensors that are given from now on; with none the model's
            own inputs stay.
        outputs: names of tensors that are wanted.

    Raises:
        ValueError: it is no ONNX file, or holds no such tensors.
    """
    top = list(_fields(memoryview(model)))
    graph = [field for field in top if field.number == _GRAPH]
    if not graph:
        raise ValueError("expected an ONNX model, found no graph in it")
    fields = list(_fields(graph[0].value))
    nodes, used = _needed(fields, inputs, outputs)
    given = [_message(_INPUT, _float_value(name, shape)) for name, shape in inputs.items()]
    found = [
        *nodes,
        *(f.whole for f in fields if f.number == _INITIALIZER and f.text(_TENSOR_NAME) in used),
        *(given or (f.whole for f in fields if f.number == _INPUT)),
        *(_message(_OUTPUT, _message(1, name.encode())) for name in outputs),
        *(f.whole for f in fields if f.number not in _CHOSEN),
    ]
    rest = [field.whole for field in top if field.number != _GRAPH]
    return b"".join([*rest, _message(_GRAPH, b"".join(found))])


_CHOSEN = frozenset({_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE})


def _needed(
    fields: Sequence[_Field], inputs: Mapping[str, Shape], outputs: Sequence[str]
) -> tuple[list[memoryview], set[str]]:
    """The nodes between, in their order, and the names of all that they use. Every node of a model
    stands behind those whose results it uses."""
    wanted, used, found = set(outputs), set[str](), []
    for field in reversed([field for field in fields if field.number == _NODE]):
        if wanted.intersection(field.texts(2)):
            needs = set(field.texts(1))
            used |= needs
            wanted |= needs - inputs.keys()
            found.append(field.whole)
    if not inputs.keys() <= used or not found:
        raise ValueError("expected a model with the tensors of the voice, found another")
    return found[::-1], used


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        begin = at
        tag, at = _read_varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            _, at = _read_varint(message, at)
            yield _Field(number, message[at:at], message[begin:at])
            continue
        if kind == _BYTES:
            size, at = _read_varint(message, at)
        elif kind in _FIXED:
            size = _FIXED[kind]
        else:
            raise ValueError(f"expected a field of protobuf, found kind {kind}")
        if at + size > len(message):
            raise ValueError("expected a whole message, found one that is cut off")
        yield _Field(number, message[at : at + size], message[begin : at + size])
        at += size


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number and where it ends."""
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("expected a number of protobuf, found the end")
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _message(number: int, content: bytes) -> bytes:
    """A field of bytes."""
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _float_value(name: str, shape: Shape) -> bytes:
    """The name and the type of a float tensor."""
    sizes = b"".join(_message(1, _size(size)) for size in shape)
    tensor = _varint(1 << 3 | _VARINT) + _varint(_FLOAT) + _message(2, sizes)
    return _message(1, name.encode()) + _message(2, _message(1, tensor))


def _size(size: int | str) -> bytes:
    if isinstance(size, str):
        return _message(2, size.encode())
    return _varint(1 << 3 | _VARINT) + _varint(size)
