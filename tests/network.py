"""Who may open a connection: every command, and every module that could.

`python -m tests.network` writes the tables of `docs/privacy.md`; `tests/test_privacy.py` fails
where they, the grammar or the source say something else.
"""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

from desktop.cli import arguments

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/privacy.md"
FOLDERS = ("deploy", "desktop", "plugins", "runtime", "storage", "training")
BEGIN, END = "<!-- tests/network.py writes from here -->", "<!-- to here -->"
NOTHING = "nothing"
_SERVERS = (
    "MCP servers that you switched on, at addresses of this computer; nothing where none is on"
)
_REMOTE = "by ssh another computer of yours, where you chose one"
_UPSTREAM = (
    "the server that has the bundle's language model, where it has one: at an address of this "
    "computer, or at one that you named"
)
_ITSELF = "its own processes, on 127.0.0.1, where it is started with several; else nothing"
COMMANDS = {
    "": f"the catalogue's sources, when you press a download; {_SERVERS}; {_REMOTE} in the "
    f"settings; {_UPSTREAM}; listens on 127.0.0.1 when you switch the local API on",
    "ask": f"{_SERVERS}; {_REMOTE} with `--on`; {_UPSTREAM}",
    "chat": f"{_SERVERS}; {_REMOTE} with `--on`; {_UPSTREAM}",
    "talk": _UPSTREAM,
    "mcp": _UPSTREAM,
    "evaluate": _UPSTREAM,
    "models make": "the server that you name with --talk; nothing where that is no address",
    "models test": _UPSTREAM,
    "train pocket": _ITSELF,
    "train align": _ITSELF,
    "models get": "the catalogue's sources: Hugging Face, package indexes, npm's registry",
    "tools servers test": "the one MCP server that it tests, at an address of this computer",
    "remote test": "the one computer that it tests, by ssh",
    "serve": f"listens on 127.0.0.1; {_UPSTREAM}",
    "worker": _UPSTREAM,
}
"""The commands that open a connection or listen; all others open nothing. The window has no
name."""
COULD = frozenset(
    "aiohttp ftplib http.client http.server httpx httpx2 huggingface_hub mcp.client "
    "mcp.client.streamable_http PySide6.QtNetwork PySide6.QtWebSockets ray requests smtplib socket "
    "socketserver ssl urllib.request urllib3 uvicorn websockets xmlrpc".split()
)
"""Modules by which Python programs reach the network."""
PROGRAMS = frozenset("curl ftp nc rsync scp sftp ssh telnet wget".split())
"""Programs by which others do."""
MODULES = {
    "deploy": "no part of Medley's package; Ray's processes among themselves, the API on 127.0.0.1",
    "desktop.assistant.remotes": "starts ssh to the computer that you chose, and to no other",
    "desktop.assistant.sharing": "a local socket by which windows and commands share one engine",
    "desktop.assistant.spoken.remote": "a local socket for the key that starts talking",
    "desktop.devices.qt_audio": "asks whether the local socket of the sound system is there",
    "desktop.serve": "listens on 127.0.0.1",
    "desktop.tools.mcp.http": "connects to MCP servers on loopback addresses, and to no other",
    "desktop.window.first_window": "a local socket by which a second start finds the window",
    "desktop.window.opening.endings": "two joined sockets within it; signals wake the window",
    "desktop.window.network": "denies the window's own code every connection",
    "runtime.addresses": "looks whether an address is one of this computer",
    "runtime.catalogue.hub": "downloads; only in the process of `models get`",
    "runtime.upstream.connection": "asks the server that has a bundle's language model, and no "
    "other",
    "training.trainer.processes": "finds a free port for several processes of one training",
}
"""The modules that import one of them or name one of `PROGRAMS`, or the packages that hold them,
and what for."""


def commands() -> list[str]:
    """Every command with its actions, and the window, which has no name."""

    def within(parser: argparse.ArgumentParser, name: str) -> list[str]:
        inside = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        if not inside:
            return [name]
        return [
            leaf
            for action in inside
            for word, one in action.choices.items()
            for leaf in within(one, f"{name} {word}")
        ]

    parsers = arguments.build()[1]
    return ["", *(leaf for name, parser in parsers.items() for leaf in within(parser, name))]


def modules_that_could() -> set[str]:
    """Every module of the package that imports one of `COULD`, or names one of `PROGRAMS` as a
    word of its own, anywhere in it."""
    found = set()
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            if isinstance(node, ast.Constant) and node.value in PROGRAMS:
                names = [*COULD]
            if COULD & set(names):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found.add(name.removesuffix(".__init__"))
    return found


def tables() -> str:
    """What the document shows."""
    lines = ["| Command | Connects to |", "|---|---|"]
    for name in commands():
        shown = f"`medley {name}`" if name else "`medley` (the window)"
        lines.append(f"| {shown} | {COMMANDS.get(name, NOTHING)} |")
    lines += ["", "| Part of the program | What it does |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in MODULES.items()]
    return "\n".join(lines)


def written(document: str) -> str:
    """The document with its tables as they are now."""
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
