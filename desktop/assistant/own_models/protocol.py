"""Messages between the process that works on a person's own models and its parent, in frames.

Plain data and msgpack; knows no model library, so that both ends can import it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from desktop.file_names import readable
from plugins.errors import Problem
from runtime.self_test.outcomes import SelfTest, StepOutcome

WITHOUT = "none"
"""In place of an mmproj: the model shall take in words alone."""


class Look(msgspec.Struct, frozen=True, tag=True):
    """Command: what are these files and folders?"""

    paths: tuple[str, ...]


class Search(msgspec.Struct, frozen=True, tag=True):
    """Command: which models do other programs on this machine have?"""


class Add(msgspec.Struct, frozen=True, tag=True):
    """Command: add one model, by links."""

    path: str
    purpose: str
    name: str
    mmproj: str = ""
    """A path, or `WITHOUT`; empty is what lies beside it and fits."""
    title: str = ""
    """What another program calls it; empty for what it calls itself."""


class Make(msgspec.Struct, frozen=True, tag=True):
    """Command: compose a bundle. Parts are named as `runtime.composition.making` has them."""

    name: str
    talk: str
    decoders: dict[str, str]
    """By modality."""
    see: str = ""
    hear: str = ""
    speak: str = ""


class Test(msgspec.Struct, frozen=True, tag=True):
    """Command: try what a bundle can."""

    __test__ = False  # for pytest
    name: str


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Command: stop, and leave nothing half-made."""


Wish = Look | Search | Add | Make | Test
Command = Wish | Cancel


class Eyes(msgspec.Struct, frozen=True):
    """An mmproj that fits a model."""

    path: str
    title: str
    sees: bool
    hears: bool


class Candidate(msgspec.Struct, frozen=True):
    """A model that can be added."""

    path: str
    purpose: str
    """As `runtime.local_models.found` has it."""
    title: str
    name: str
    """A name that is free."""
    bytes: int
    licence: str
    size: str = ""
    """As people say it, `4B Q4_K_M`; of a language model."""
    context: int = 0
    """Positions it was trained for; of a language model."""
    thinks: bool = False
    pipeline: str = ""
    """Of a decoder."""
    languages: tuple[str, ...] = ()
    """Of a voice; of ears `mul` for many."""
    voices: int = 0
    eyes: tuple[Eyes, ...] = ()
    """Everything beside it that fits, the one that is taken first."""
    asks: bool = False
    """Whether only the person can say which of the eyes belong to it."""
    known: str = ""
    """The name under which it was added already."""
    warnings: tuple[Problem, ...] = ()


class Looking(msgspec.Struct, frozen=True, tag=True):
    """Report: what is looked at now."""

    path: str
    program: str = ""


class Looked(msgspec.Struct, frozen=True, tag=True):
    """Report: what was found, in the files of a person or in one other program."""

    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...] = ()
    """Why there is not more."""
    program: str = ""


class Progress(msgspec.Struct, frozen=True, tag=True):
    """Report: how far the reading of files is."""

    done: int
    """Bytes."""
    total: int
    file: str


class Added(msgspec.Struct, frozen=True, tag=True):
    """Report: a model is on the list, or a bundle is composed."""

    name: str
    title: str
    purpose: str
    bundle: bool
    """Whether there is a bundle of this name to talk to."""
    warnings: tuple[Problem, ...] = ()


class Tried(msgspec.Struct, frozen=True, tag=True):
    """Report: the outcome of one step of a test."""

    step: StepOutcome


class Tested(msgspec.Struct, frozen=True, tag=True):
    """Report: a test is over."""

    found: SelfTest


class Done(msgspec.Struct, frozen=True, tag=True):
    """Report, the last one: it is done."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Report, the last one: it could not be done."""

    problem: Problem


class Cancelled(msgspec.Struct, frozen=True, tag=True):
    """Report, the last one: it was stopped."""


Last = Done | Failed | Cancelled
Report = Looking | Looked | Progress | Added | Tried | Tested | Last

encode_command = msgspec.msgpack.Encoder().encode
decode_command = msgspec.msgpack.Decoder(Command).decode
decode_report = msgspec.msgpack.Decoder(Report).decode


def encode_report(report: Report) -> bytes:
    """The bytes of a report. Names of files that are no text are put into letters."""
    try:
        return msgspec.msgpack.encode(report)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(_in_letters(msgspec.to_builtins(report)))


def _in_letters(value: Any) -> Any:
    match value:
        case str():
            return readable(value)
        case dict():
            return {key: _in_letters(one) for key, one in value.items()}
        case list() | tuple():
            return [_in_letters(one) for one in value]
    return value
