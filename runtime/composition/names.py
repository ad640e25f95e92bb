"""Names of bundles and models that a person adds or composes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from plugins.errors import KnownError
from runtime.bundle.bundle import AUTOMATIC, EMBEDDED, STARTER, list_bundles
from runtime.catalogue.added import added, added_folder
from runtime.catalogue.entry import entries, groups
from runtime.composition.compose import locked

RESERVED = frozenset({AUTOMATIC, STARTER, EMBEDDED, "none"})
"""Names that mean something else everywhere."""
MOST = 64
"""Characters of a name."""
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_OTHERS = re.compile(r"[^a-z0-9._-]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""


def checked(name: str) -> str:
    """A name as it was given, where it can be one.

    Raises:
        KnownError: it has other signs, is too long, means something else, or is taken.
    """
    lower = name.lower()
    if not _NAME.fullmatch(name) or len(name) > MOST or _DEVICES.fullmatch(lower):
        raise KnownError(
            "name {name}: expected 1 to {most} letters, digits, dots, dashes and underscores, "
            "with a letter or a digit at both ends. Choose another, for example {example}.",
            name=repr(name),
            most=MOST,
            example=suggested(name),
        )
    if _is_reserved(lower):
        raise KnownError(
            "name {name}: expected one of your own, found one that Medley has given already. "
            "Choose another.",
            name=name,
        )
    if lower in _taken():
        raise KnownError(
            "name {name}: expected one that is free, found a bundle or a model of that name. "
            "Choose another, or remove that one with `medley models remove {name}`.",
            name=name,
        )
    return name


@contextmanager
def reserved(name: str) -> Iterator[None]:
    """Keep a name from every other process, until what is made under it is there.

    Raises:
        KnownError: it cannot be used or is taken, also by another process just now, or the disk
            refuses.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(name, added_folder() / name))
        except OSError as error:
            raise KnownError(
                "model {name}: expected a folder that can be written at {folder}, found: "
                "{strerror}. Free some space, or correct its owner.",
                "disk",
                name=name,
                folder=added_folder(),
                strerror=error.strerror or error,
            ) from error
        checked(name)
        yield


def suggested(text: str) -> str:
    """A name that can be used and is free, from a file's or a model's name."""
    plain = _OTHERS.sub("-", text.lower()).strip("-._")[:MOST].strip("-._") or "model"
    base = f"my-{plain}"[:MOST].strip("-._") if _is_reserved(plain) else plain
    used, number, found = _taken(), 2, base
    while found in used:
        found = f"{base[: MOST - 4]}-{number}"
        number += 1
    return found


def _is_reserved(name: str) -> bool:
    known = name in RESERVED or name in groups() or name in entries()
    return known or _DEVICES.fullmatch(name) is not None


def _taken() -> set[str]:
    names = [*(entry.name for entry in list_bundles()), *(one.name for one in added())]
    return {name.lower() for name in names}
