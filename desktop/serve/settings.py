"""The port and the token, kept between starts in the person's configuration folder."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs
import tomli_w

from plugins.errors import KnownError
from plugins.regular_files import replace_file

HOST = "127.0.0.1"
FIRST_PORTS = range(6339, 6359)
"""Tried one after the other at the first start. No other known program's own."""
PORT_FILE, TOKEN_FILE = "serve.toml", "serve-token"
_TOKEN = re.compile(r"[\x21-\x7e]{16,512}")


class _Kept(msgspec.Struct, frozen=True):
    port: int


@dataclass(frozen=True)
class Token:
    """What clients show."""

    text: str
    path: Path
    is_new: bool
    """Whether it was made now."""


def folder() -> Path:
    """Medley's configuration folder."""
    return Path(platformdirs.user_config_dir("medley", appauthor=False))


def open_socket(wished: int | None) -> socket.socket:
    """A socket that listens on this computer only: on the wished port; else on that of the last
    start; else on the first that is free. Its port is kept for the next start.

    Raises:
        KnownError: the wished port, or that of the last start, is in use.
    """
    port = wished if wished is not None else _kept_port()
    if port is not None:
        found = _listening(port)
        if found is None:
            raise KnownError(
                "port {port}: expected it to be free, found it in use, perhaps by another `medley "
                "serve`. End that, or choose another one with --port.",
                port=port,
            )
    else:
        found = next(filter(None, map(_listening, FIRST_PORTS)), None) or _listening(0)
    if found is None:
        raise KnownError(
            "expected a free port on {host}, found none. Choose one with --port.", host=HOST
        )
    _keep_port(found.getsockname()[1])
    return found


def token(path: Path | None = None) -> Token:
    """The token in a file, made where there is none yet; only this user can read it.

    Raises:
        KnownError: the file cannot be read or made, or holds no token.
    """
    file = folder() / TOKEN_FILE if path is None else path
    try:
        text = file.read_text("ascii").strip()
    except FileNotFoundError:
        return Token(_new_token(file), file, is_new=True)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "{path}: expected a readable token, found {error}. Correct the file or delete it.",
            path=file,
            error=error,
        ) from error
    if not _TOKEN.fullmatch(text):
        raise KnownError(
            "{path}: expected a token of 16 to 512 letters, digits and signs in one line, found "
            "something else. Correct the file or delete it.",
            path=file,
        )
    with contextlib.suppress(OSError):
        file.chmod(0o600)
    return Token(text, file, is_new=False)


def _new_token(file: Path) -> str:
    text = f"medley-{secrets.token_urlsafe(24)}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write(text + "\n")
    except OSError as error:
        raise _not_kept(file, error) from error
    return text


def _kept_port() -> int | None:
    """That of the last start; a file that holds none counts as none."""
    with contextlib.suppress(OSError, msgspec.MsgspecError, ValueError):
        kept = msgspec.toml.decode((folder() / PORT_FILE).read_bytes(), type=_Kept)
        if 0 < kept.port < 2**16:
            return kept.port
    return None


def _keep_port(port: int) -> None:
    path = folder() / PORT_FILE
    try:
        replace_file(path, tomli_w.dumps({"port": port}).encode())
    except OSError as error:
        raise _not_kept(path, error) from error


def _listening(port: int) -> socket.socket | None:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # So that it can be had again at once after an end; on Windows this would share it.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen()
    except OSError:
        made.close()
        return None
    return made


def _not_kept(path: Path, error: OSError) -> KnownError:
    return KnownError(
        "{path}: expected to write it, found: {strerror}. Make room, or allow writing there.",
        path=path,
        strerror=error.strerror or str(error),
    )
