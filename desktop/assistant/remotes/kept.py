"""The computers that may answer: one file in the configuration folder, `remotes.toml`.

Holds no secret: who may log in there is ssh's matter. Connects to nothing.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs
import tomli_w

from plugins.errors import KnownError
from plugins.regular_files import replace_file

FILE = "remotes.toml"
COMMAND = "medley"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_HOST = re.compile(
    r"(?:(?P<user>[A-Za-z_][A-Za-z0-9._-]{0,63})@)?"
    r"(?P<host>[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]{0,40})"
)
LONGEST_COMMAND = 1000


class Remote(msgspec.Struct, frozen=True):
    """A computer that may answer."""

    name: str
    host: str
    """`user@host`, or a name of the person's ssh configuration."""
    port: int = 0
    """0 is ssh's own choice."""
    command: str = COMMAND
    """How Medley is started there: words as a terminal takes them, given to no shell unquoted."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    host: str
    port: int = 0
    command: str = COMMAND


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    remotes: dict[str, _Entry] = {}


def remotes_file() -> Path:
    """The path of the file."""
    return Path(platformdirs.user_config_dir("medley", appauthor=False)) / FILE


def remotes() -> tuple[Remote, ...]:
    """All of them, in the order in which they were added.

    Raises:
        KnownError: the file is there and cannot be read, or holds what is no computer.
    """
    path = remotes_file()
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise KnownError(
            "{path}: expected a table for each other computer, found {error}; correct the file or "
            "delete it.",
            path=path,
            error=error,
        ) from error
    known = tuple(
        Remote(name, entry.host, entry.port, entry.command) for name, entry in found.remotes.items()
    )
    for remote in known:
        check(remote)
    return known


def find_remote(name: str) -> Remote:
    """The computer of a name.

    Raises:
        KnownError: there is none, or as `remotes`.
    """
    known = {remote.name: remote for remote in remotes()}
    if name not in known:
        raise KnownError(
            "no other computer is called {name}; known are: {known}. Choose one of these or this "
            "computer, or add it with `medley remote add`.",
            name=name,
            known=", ".join(known) or "-",
        )
    return known[name]


def add_remote(remote: Remote) -> None:
    """Add a computer.

    Raises:
        KnownError: something about it cannot be, its name is taken, or the file cannot be written.
    """
    check(remote)
    known = {one.name: one for one in remotes()}
    if remote.name in known:
        raise KnownError(
            "expected a name that no other computer has yet, found {name}. Choose another name, or "
            "remove that one first.",
            name=remote.name,
        )
    _write({**known, remote.name: remote})


def remove_remote(name: str) -> None:
    """Forget a computer. Raises as `find_remote`, or where the file cannot be written."""
    find_remote(name)
    _write({one.name: one for one in remotes() if one.name != name})


def check(remote: Remote) -> None:
    """Let nothing reach ssh that it, or a shell there, could take for something else.

    Raises:
        KnownError: what cannot be, and what can.
    """
    if not _NAME.fullmatch(remote.name):
        raise KnownError(
            "a name of another computer: expected letters, digits, - and _ (at most 32), found "
            "{found}. Choose another name.",
            found=repr(remote.name[:64]),
        )
    if not _HOST.fullmatch(remote.host):
        raise KnownError(
            "{name}: expected an address like user@host, of letters, digits and . - _, found "
            "{found}. Correct it; ports are given by --port.",
            name=remote.name,
            found=repr(remote.host[:128]),
        )
    if not 0 <= remote.port < 2**16:
        raise KnownError(
            "{name}: expected a port from 1 to 65535, found {found}. Correct it.",
            name=remote.name,
            found=remote.port,
        )
    command_words(remote)


def command_words(remote: Remote) -> list[str]:
    """The words that start Medley there.

    Raises:
        KnownError: there are none, or one is no word.
    """
    try:
        words = shlex.split(remote.command)
    except ValueError:
        words = []
    plain = remote.command.isprintable() and len(remote.command) <= LONGEST_COMMAND
    if not words or not plain or words[0].startswith("-"):
        raise KnownError(
            "{name}: expected a command that starts Medley there, such as medley or "
            "/opt/medley/medley, found {found}. Correct it.",
            name=remote.name,
            found=repr(remote.command[:128]),
        )
    return words


def _write(known: Mapping[str, Remote]) -> None:
    path = remotes_file()
    tables = {
        name: msgspec.to_builtins(_Entry(one.host, one.port, one.command))
        for name, one in known.items()
    }
    try:
        replace_file(path, tomli_w.dumps({"remotes": tables}).encode())
    except OSError as error:
        raise KnownError(
            "{path}: the other computers cannot be kept ({strerror}); make room or allow writing "
            "there.",
            path=path,
            strerror=error.strerror,
        ) from error
