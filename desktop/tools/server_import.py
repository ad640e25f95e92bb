"""MCP servers from the JSON that other programs and read-me files have. Everything is switched off.

Known are `mcpServers` (Claude, Cursor, LM Studio and most others), `servers` (VS Code, also within
`mcp`), `context_servers` (Zed), a bare table of servers, and one server alone. Comments, commas too
many and missing outer braces are tolerated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from desktop.tools.protocol import Server
from desktop.tools.servers import ConfiguredServer, check_server
from plugins.errors import KnownError, Problem, phrase

MOST_BYTES = 1_000_000
_TABLES = ("mcpServers", "servers", "context_servers")
_ADDRESSES = ("url", "serverUrl", "httpUrl")
_TOKENS = re.compile(
    r'"(?:[^"\\\n]|\\.)*"'  # a text, left as it is
    r"|//[^\n]*|/\*.*?\*/"  # comments
    r"|,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])",  # a comma before a bracket
    re.DOTALL,
)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[A-Za-z _-]+>|\bYOUR[-_ ][A-Z_]+", re.IGNORECASE)
_MILLISECONDS = 1_000.0
"""A limit from here on is in milliseconds, whatever the program."""


@dataclass
class Imported:
    """What was found."""

    servers: list[ConfiguredServer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Why others were left out, and what must be filled in."""


def imported_servers(text: str) -> Imported:
    """The servers of a pasted text, all switched off.

    Raises:
        KnownError: the text is no JSON, or holds no server.
    """
    found = Imported()
    for name, entry in _entries(_decoded(text)):
        try:
            server = _server(name, entry, taken=[one.name for one in found.servers])
            check_server(server)
        except KnownError as error:
            found.problems.append(error.problem)
            continue
        found.servers.append(ConfiguredServer(server))
        if place := _to_fill_in(server):
            found.problems.append(
                phrase("{name}: {place} is still to be filled in.", name=server.name, place=place)
            )
    if not found.servers and not found.problems:
        raise KnownError(
            "expected the settings of MCP servers (`mcpServers`), found none. Paste the whole "
            "block."
        )
    return found


def _decoded(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise KnownError(
            "expected settings of at most {most} characters, found {count}. Paste the block of the "
            "servers alone.",
            most=MOST_BYTES,
            count=len(text),
        )
    plain = _TOKENS.sub(lambda found: found[0] if found[0].startswith('"') else "", text).strip()
    plain = plain.strip("\ufeff").rstrip(",")
    if plain.startswith("```"):
        plain = plain.strip("`").removeprefix("jsonc").removeprefix("json")
    if plain.startswith('"'):
        plain = f"{{{plain}}}"
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise KnownError(
            "expected JSON, found something else ({error}). Paste the whole block, with its "
            "braces.",
            error=str(error)[:200],
        ) from error
    if not isinstance(found, dict):
        raise KnownError("expected a JSON object. Paste the whole block, with its braces.")
    return found


def _entries(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    table: Any = found.get("mcp", found)
    if isinstance(table, dict):
        for name in _TABLES:
            if isinstance(table.get(name), dict):
                table = table[name]
                break
    if not isinstance(table, dict):
        return
    if isinstance(table.get("command"), str) or any(table.get(one) for one in _ADDRESSES):
        yield str(table.get("name") or table.get("command") or "server"), table
        return
    for name, entry in table.items():
        if isinstance(entry, dict) and ("command" in entry or any(a in entry for a in _ADDRESSES)):
            yield name, entry


def _server(name: str, entry: Mapping[str, Any], taken: list[str]) -> Server:
    own = _free_name(_NOT_IN_NAMES.sub("-", name.rsplit("/", 1)[-1]).strip("-_"), taken)
    if entry.get("type") == "sse" or entry.get("transport") == "sse":
        raise KnownError(
            "{name}: expected a server over stdio or streamable HTTP, found one over SSE, which "
            "the protocol gave up. Ask for a newer version of it.",
            name=own,
        )
    command, args = entry.get("command", ""), entry.get("args", [])
    if isinstance(command, dict):  # As Zed writes it.
        entry = {**entry, **command}
        command, args = command.get("path", ""), command.get("args", [])
    if isinstance(command, list):
        command, args = (command or [""])[0], [*command[1:], *args]
    address = next((entry[one] for one in _ADDRESSES if entry.get(one)), "")
    try:
        return Server(
            own,
            command="" if address else str(command),
            args=() if address else msgspec.convert(args or [], tuple[str, ...], strict=False),
            env=_texts(entry.get("env")),
            cwd=str(entry.get("cwd") or ""),
            url=str(address),
            headers=_texts(entry.get("headers")),
            timeout_s=_seconds(entry),
        )
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise KnownError(
            "{name}: expected the settings of an MCP server, found {error}. Correct it.",
            name=own,
            error=str(error)[:200],
        ) from error


def _texts(value: Any) -> dict[str, str]:
    """Numbers and switches count as texts; what is null is left out."""
    given = {name: one for name, one in (value or {}).items() if one is not None}
    return {
        str(name): str(one).lower() if isinstance(one, bool) else str(one)
        for name, one in given.items()
    }


def _seconds(entry: Mapping[str, Any]) -> float:
    if entry.get("timeout_ms"):
        return float(entry["timeout_ms"]) / 1_000
    limit = float(entry.get("timeout") or Server("").timeout_s)
    return limit / 1_000 if limit >= _MILLISECONDS else limit


def _free_name(name: str, taken: list[str]) -> str:
    name = name[:32].lstrip("-_") or "server"
    number, free = 2, name
    while free in taken:
        free = f"{name[:28]}-{number}"
        number += 1
    return free


def _to_fill_in(server: Server) -> str:
    """The first place that a person must fill in; empty where there is none."""
    places = {"command": server.command, "cwd": server.cwd, **server.env, **server.headers}
    places.update({f"args[{at}]": one for at, one in enumerate(server.args)})
    return next((name for name, text in places.items() if _PLACEHOLDER.search(text)), "")
