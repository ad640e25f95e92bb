"""Finds the conversations in an export's files, whichever program wrote them, by their contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from storage.errors import ExchangeError, Phrase, phrase
from storage.exchange.foreign import chatgpt, jan, lm_studio, open_webui
from storage.exchange.foreign.lenient import Json, mapping
from storage.exchange.foreign.shelves import Shelf
from storage.exchange.foreign.talk import LeftOut, Talk
from storage.exchange.manifest import LARGEST as LARGEST_CONVERSATION
from storage.exchange.manifest import plain_utf8

LARGEST = 512 << 20
"""Bytes of the longest file of conversations that is read."""
MOST_CONVERSATIONS = 100_000
MOST_ENTRIES = 100_000
"""Messages and steps of one conversation."""
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What follows a backslash in JSON. `lone` is half of a character, which some programs cut off and
write, and which is no JSON."""
_READERS = (chatgpt, open_webui, jan, lm_studio)


def talks(shelf: Shelf, where: Path, left_out: LeftOut) -> Iterator[Talk | ExchangeError]:
    """Every conversation in the files of a shelf; of one that cannot be read, why. What comes with
    none is counted in `left_out`. JSON files that hold something else are passed over."""
    left = MOST_CONVERSATIONS
    for name in shelf.documents():
        if PurePosixPath(name).name == jan.THREAD:
            found = _thread(shelf, name, where)
        else:
            found = _listed(shelf, name, where)
        for one in found:
            left -= 1
            if left < 0:
                yield _unusable(
                    where, phrase("more than {most} conversations", most=MOST_CONVERSATIONS)
                )
                return
            yield one if isinstance(one, ExchangeError) else _read(one, name, where, left_out)


def _read(document: Json, name: str, where: Path, left_out: LeftOut) -> Talk | ExchangeError:
    reader = next(one for one in _READERS if one.fits(document))
    talk: Talk = reader.read(document, left_out)
    if len(talk.entries) > MOST_ENTRIES:
        return _unusable(
            where / name,
            phrase(
                "a conversation of {count} messages, more than {most}",
                count=len(talk.entries),
                most=MOST_ENTRIES,
            ),
        )
    return talk


def _listed(shelf: Shelf, name: str, where: Path) -> Iterator[Json | ExchangeError]:
    """The objects of a file that some reader knows; an error for each that is broken."""
    data = _bytes(shelf, name, where)
    if isinstance(data, ExchangeError):
        yield data
        return
    try:
        raws = _raws(plain_utf8(data))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        yield _unusable(where / name, phrase("no whole JSON ({error})", error=error))
        return
    for raw in raws:
        if len(raw) > LARGEST_CONVERSATION:
            yield _unusable(
                where / name,
                phrase("a conversation of more than {most} MiB", most=LARGEST_CONVERSATION >> 20),
            )
            continue
        try:
            document = mapping(msgspec.json.decode(raw))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            yield _unusable(where / name, phrase("no whole JSON ({error})", error=error))
            continue
        if any(one.fits(document) for one in _READERS):
            yield document


def _raws(data: bytes) -> list[msgspec.Raw]:
    """The elements of a list, or the one object that is all there is."""
    if data.lstrip()[:1] != b"[":
        return [msgspec.Raw(_ESCAPE.sub(_mended, data))]
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.MsgspecError:
        return msgspec.json.decode(_ESCAPE.sub(_mended, data), type=list[msgspec.Raw])


def _mended(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape["lone"] else escape[0]


def _thread(shelf: Shelf, name: str, where: Path) -> Iterator[Json | ExchangeError]:
    """A thread of Jan, whose messages stand in a file beside its description."""
    beside = (PurePosixPath(name).parent / jan.MESSAGES).as_posix()
    if beside not in shelf.names():
        yield from _listed(shelf, name, where)
        return
    thread, lines = _bytes(shelf, name, where), _bytes(shelf, beside, where)
    if isinstance(thread, ExchangeError):
        yield thread
        return
    if isinstance(lines, ExchangeError):
        yield lines
        return
    try:
        if len(lines) > LARGEST_CONVERSATION:
            raise ValueError(f"more than {LARGEST_CONVERSATION >> 20} MiB")
        messages = [msgspec.json.decode(line) for line in lines.splitlines() if line.strip()]
        yield jan.joined(mapping(msgspec.json.decode(thread)), messages)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors.
        yield _unusable(where / name, phrase("no whole JSON ({error})", error=error))


def _bytes(shelf: Shelf, name: str, where: Path) -> bytes | ExchangeError:
    try:
        with shelf.open(name) as file:
            data = file.read(LARGEST + 1)
    except ExchangeError as error:
        return error
    if len(data) > LARGEST:
        return _unusable(where / name, phrase("more than {most} MiB", most=LARGEST >> 20))
    return data


def _unusable(where: Path, found: Phrase) -> ExchangeError:
    return ExchangeError(
        "{where}: expected conversations of another program, found {found}. It was left out; "
        "export them again.",
        where=where,
        found=found,
    )
