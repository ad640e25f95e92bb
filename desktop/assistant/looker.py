"""Asks the helper process what a file is. Decodes nothing itself and imports no media library.

Thread contract: `look` may be called from any thread and waits; looks come one after the other.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from desktop.assistant.helper_process import HelperProcess
from desktop.assistant.looks import (
    LIMIT_S,
    LOOKER_ARGUMENT,
    Look,
    RefusedFileError,
    Seen,
    Unseen,
    decode_outcome,
    encode,
)


def looker_command() -> list[str]:
    """The command line of the helper, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, LOOKER_ARGUMENT]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.assistant.looking"]


class Looker(HelperProcess):
    """The helper process, started at the first look and again after a file brought it down."""

    def __init__(self) -> None:
        super().__init__(looker_command(), "looks at media", LIMIT_S)

    def look(self, path: Path, claimed: str = "") -> Seen:
        """What the file is, with what stands for it; `claimed` is what `Look` has.

        Raises:
            RefusedFileError: no picture, sound or clip; broken; or so broken that its decoder
                crashed.
            KnownError: the helper cannot be started, or it was closed.
        """
        outcome = _outcome(self.ask(encode(Look(str(path), claimed))))
        if outcome is None:
            outcome = Unseen(
                f"{path.name}: expected a readable picture, sound or clip, found a file that "
                "brings its decoder down. Choose another file."
            )
        if isinstance(outcome, Unseen):
            # A person knows the file by its name, not by where a copy of it lies.
            reason = outcome.reason.replace(str(path), path.name).removeprefix("medium ")
            raise RefusedFileError(reason, outcome.kind)
        return outcome


def _outcome(answer: bytes | None) -> Seen | Unseen | None:
    try:
        return None if answer is None else decode_outcome(answer)
    except msgspec.DecodeError:
        return None
