"""The MCP servers that a person configured: one file in the configuration folder, `mcp.toml`.

It may hold secrets: nobody but its owner may read it, and lists never show them. Starts no server.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs
import tomli_w

from desktop.tools.addresses import check_address
from desktop.tools.protocol import BUILT_IN, Server
from plugins.errors import KnownError
from plugins.regular_files import replace_file

FILE = "mcp.toml"
INHERITED = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER")
"""The variables of Medley's own environment that a server gets beside its own."""
SHORTEST_S, LONGEST_S = 1.0, 3600.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ConfiguredServer(msgspec.Struct, frozen=True):
    """A server of the file."""

    server: Server
    enabled: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.server.name

    @property
    def command_line(self) -> str:
        """All that is run, as a terminal takes it, nothing cut; or the address."""
        if self.server.url:
            return self.server.url
        return shlex.join([self.server.command, *self.server.args])

    @property
    def inherits(self) -> tuple[str, ...]:
        """The names of the variables that it gets, without their values; of an address none."""
        if self.server.url:
            return ()
        return tuple(dict.fromkeys([*INHERITED, *sorted(self.server.env)]))


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    enabled: bool = False
    command: str = ""
    args: tuple[str, ...] = ()
    cwd: str = ""
    url: str = ""
    timeout_s: float = 30.0
    env: dict[str, str] = {}
    headers: dict[str, str] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    servers: dict[str, _Entry] = {}


def servers_file() -> Path:
    """The path of the file."""
    return Path(platformdirs.user_config_dir("medley", appauthor=False)) / FILE


def configured_servers() -> tuple[ConfiguredServer, ...]:
    """All of them, in the order in which they were added.

    Raises:
        KnownError: the file is there and cannot be read.
    """
    path = servers_file()
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise KnownError(
            "{path}: expected a table for each MCP server, found {error}; correct the file or "
            "delete it.",
            path=path,
            error=error,
        ) from error
    return tuple(
        ConfiguredServer(_server(name, entry), entry.enabled)
        for name, entry in found.servers.items()
    )


def enabled_servers() -> tuple[Server, ...]:
    """Those that are switched on, as the tools process takes them.

    Raises:
        KnownError: as `configured_servers`.
    """
    return tuple(one.server for one in configured_servers() if one.enabled)


def add_servers(*added: ConfiguredServer) -> None:
    """Add servers.

    Raises:
        KnownError: one is none that could be started, its name is taken, or the file cannot be
            written.
    """
    known = {one.name: one for one in configured_servers()}
    for one in added:
        check_server(one.server)
        if one.name in known:
            raise KnownError(
                "expected a name that no MCP server has yet, found {name}. Choose another name, or "
                "remove that one first.",
                name=one.name,
            )
        known[one.name] = one
    _write(known)


def switch_server(name: str, *, on: bool) -> ConfiguredServer:
    """Switch a server on or off; what is so already stays so. Returns it as it is now.

    Raises:
        KnownError: there is none of this name, or the file cannot be written.
    """
    known = _known(name)
    known[name] = msgspec.structs.replace(known[name], enabled=on)
    _write(known)
    return known[name]


def remove_server(name: str) -> None:
    """Forget a server.

    Raises:
        KnownError: as `switch_server`.
    """
    known = _known(name)
    del known[name]
    _write(known)


def find_server(name: str) -> ConfiguredServer:
    """A server by its name.

    Raises:
        KnownError: there is none; the known ones are named.
    """
    return _known(name)[name]


def check_server(server: Server) -> None:
    """Let only servers pass that could be started.

    Raises:
        KnownError: what is wrong with it.
    """
    if not _NAME.fullmatch(server.name) or server.name == BUILT_IN:
        raise KnownError(
            "expected a name of at most 32 letters, digits, - and _, other than {built_in}, found "
            "{name}. Choose another name.",
            built_in=BUILT_IN,
            name=server.name[:80],
        )
    if bool(server.command.strip()) == bool(server.url.strip()):
        raise KnownError(
            "{name}: expected either a command or an address, found {count}. Give one of them.",
            name=server.name,
            count=2 if server.command.strip() else 0,
        )
    if server.url:
        check_address(server.name, server.url)
    if not SHORTEST_S <= server.timeout_s <= LONGEST_S:
        raise KnownError(
            "{name}: expected a longest call of {least} to {most} s, found {found}. Correct it.",
            name=server.name,
            least=SHORTEST_S,
            most=LONGEST_S,
            found=server.timeout_s,
        )
    for variable in server.env:
        if not _VARIABLE.fullmatch(variable):
            raise KnownError(
                "{name}: expected names of environment variables, found {variable}. Correct it.",
                name=server.name,
                variable=variable[:80],
            )


def _known(name: str) -> dict[str, ConfiguredServer]:
    known = {one.name: one for one in configured_servers()}
    if name not in known:
        raise KnownError(
            "expected an MCP server {name}, found none; known: {known}. Add it first.",
            name=name[:80],
            known=", ".join(known) or "-",
        )
    return known


def _server(name: str, entry: _Entry) -> Server:
    return Server(
        name,
        command=entry.command,
        args=entry.args,
        env=entry.env,
        cwd=entry.cwd,
        url=entry.url,
        headers=entry.headers,
        timeout_s=entry.timeout_s,
    )


def _entry(one: ConfiguredServer) -> _Entry:
    server = one.server
    return _Entry(
        enabled=one.enabled,
        command=server.command,
        args=server.args,
        cwd=server.cwd,
        url=server.url,
        timeout_s=server.timeout_s,
        env=server.env,
        headers=server.headers,
    )


def _write(servers: Mapping[str, ConfiguredServer]) -> None:
    path = servers_file()
    tables = {name: msgspec.to_builtins(_entry(one)) for name, one in servers.items()}
    try:
        replace_file(path, tomli_w.dumps({"servers": tables}).encode())
    except OSError as error:
        raise KnownError(
            "{path}: the servers cannot be kept ({strerror}); make room or allow writing there.",
            path=path,
            strerror=error.strerror,
        ) from error
