"""The third-party plugins that the user enabled: one small file in the configuration folder.

Knows names only; finds and imports no plugin.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import platformdirs
import tomli_w

from plugins.errors import KnownError
from plugins.regular_files import replace_file

FILE = "plugins.toml"


class _Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    enabled: tuple[str, ...] = ()


def switches_file() -> Path:
    """The path of the file."""
    return Path(platformdirs.user_config_dir("medley", appauthor=False)) / FILE


def enabled_plugins() -> frozenset[str]:
    """Names of the plugins that are on.

    Raises:
        KnownError: the file is there and cannot be read.
    """
    path = switches_file()
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_Switches)
    except FileNotFoundError:
        return frozenset()
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise KnownError(
            "{path}: expected a list `enabled` of plugin names, found {error}; correct the "
            "file or delete it.",
            path=path,
            error=error,
        ) from error
    return frozenset(found.enabled)


def switch(name: str, *, on: bool) -> None:
    """Switch a plugin on or off; what is so already stays so.

    Raises:
        KnownError: the file cannot be read or written.
    """
    names = enabled_plugins() | {name} if on else enabled_plugins() - {name}
    path = switches_file()
    try:
        replace_file(path, tomli_w.dumps({"enabled": sorted(names)}).encode())
    except OSError as error:
        raise KnownError(
            "{path}: the choice cannot be kept ({strerror}); make room or allow writing there.",
            path=path,
            strerror=error.strerror,
        ) from error
