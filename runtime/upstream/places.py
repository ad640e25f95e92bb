"""Where upstream models may be: on this machine, or at an address that the person named here.

A bundle names its server, and a bundle can come from anywhere. So of other machines only those
count that a person named on this machine, which is noted in the configuration folder together with
the file that holds the server's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import platformdirs
import tomli_w

from plugins.errors import KnownError
from plugins.regular_files import replace_file
from runtime.addresses import is_loopback
from runtime.offline import OFFLINE_VARIABLE, forbidding

FILE = "upstreams.toml"
_PORTS = {"http": 80, "https": 443}
_MOST_KEY = 4096


class Upstream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server that the person named."""

    url: str
    key_file: str = ""
    """Holds the key that it asks for; empty for none."""


class _Noted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    upstream: tuple[Upstream, ...] = ()


@dataclass(frozen=True)
class Place:
    """A server's address, taken apart."""

    url: str
    """Without a slash at its end."""
    host: str
    here: bool
    """Whether it is this machine."""

    @property
    def shown(self) -> str:
        """The machine and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def is_address(text: str) -> bool:
    """Whether a person who writes this means a server."""
    return text.lower().startswith(("http://", "https://"))


def place(url: str) -> Place:
    """The place that an address means.

    Raises:
        KnownError: it is no address of a server.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in _PORTS or not host or parts.username or parts.query or parts.fragment:
        raise KnownError(
            "expected an address such as http://127.0.0.1:8000/v1, found {url}. Correct it.",
            url=url[:200],
        )
    return Place(url.rstrip("/"), host, is_loopback(host, port or _PORTS[parts.scheme]))


def note(url: str, key_file: Path | None) -> None:
    """Remember that a person named a server, and the file of its key.

    Raises:
        KnownError: the note cannot be read or written.
    """
    found = place(url).url
    kept = [one for one in _noted() if one.url != found]
    one = Upstream(found, "" if key_file is None else str(key_file.absolute()))
    path = _path()
    try:
        replace_file(path, tomli_w.dumps(msgspec.to_builtins(_Noted((*kept, one)))).encode())
    except OSError as error:
        raise KnownError(
            "{path}: expected to write it, found: {strerror}. Make room, or allow writing there.",
            "disk",
            path=path,
            strerror=error.strerror or error,
        ) from error


def named(url: str, key_file: Path | None) -> tuple[Place, str]:
    """A server that the person names now, and the key for it; empty for none.

    Raises:
        KnownError: connections to other machines are forbidden; or the file of its key cannot be
            read.
    """
    found = place(url)
    _refuse_if_forbidden(found)
    return found, "" if key_file is None else _key(str(key_file))


def checked(url: str) -> tuple[Place, str]:
    """A server that a bundle names, and the key for it; empty for none.

    Raises:
        KnownError: it is on another machine and the person did not name it here, or connections to
            other machines are forbidden; or the file of its key cannot be read.
    """
    found = place(url)
    _refuse_if_forbidden(found)
    noted = next((one for one in _noted() if one.url == found.url), None)
    if not found.here and noted is None:
        raise KnownError(
            "upstream {host}: expected a server that you named on this computer, found that only "
            "the bundle names it. What you write would be sent there. If you want that, name it: "
            "`medley models make NAME --talk {url}`.",
            "network",
            host=found.shown,
            url=found.url,
        )
    return found, _key(noted.key_file) if noted is not None and noted.key_file else ""


def _refuse_if_forbidden(found: Place) -> None:
    if not found.here and (value := forbidding()):
        raise KnownError(
            "upstream {host}: expected to be allowed to connect to another computer, found "
            "{variable}={value}, which forbids it. Unset {variable}, or choose a model on this "
            "computer.",
            "network",
            host=found.shown,
            variable=OFFLINE_VARIABLE,
            value=value,
        )


def _noted() -> tuple[Upstream, ...]:
    path = _path()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_Noted).upstream
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError) as error:
        raise KnownError(
            "{path}: expected the list of servers that you named, found: {error}. Correct the "
            "file or delete it.",
            path=path,
            error=error,
        ) from error


def _key(file: str) -> str:
    try:
        text = Path(file).read_text("ascii")[:_MOST_KEY].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "{path}: expected a readable key, found {error}. Correct the file, or name another "
            "one with --key-file.",
            path=file,
            error=error,
        ) from error
    if not text or not text.isprintable() or " " in text:
        raise KnownError(
            "{path}: expected a key in one line, found something else. Correct the file, or name "
            "another one with --key-file.",
            path=file,
        )
    return text


def _path() -> Path:
    return Path(platformdirs.user_config_dir("medley", appauthor=False)) / FILE
