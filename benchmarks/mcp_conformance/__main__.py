"""The official conformance suite of MCP against Medley's client and server.

    python -m benchmarks.mcp_conformance [--client-only]

Needs Node.js 22 (`MEDLEY_NODE` names it where it is not the first one) and

    npm install --prefix ~/.cache/medley-npm @modelcontextprotocol/conformance

The suite speaks HTTP. Its client scenarios are answered by the tools process itself. Medley's
server speaks stdio: for the suite it is put behind the SDK's HTTP application. Scenarios about what
Medley does not have are left out: OAuth, since servers are on this machine; prompts, resources,
sampling, logging; and tools of the suite's own example server.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from desktop.tools.client import ToolsClient
from desktop.tools.protocol import Called, CallFailed, ElicitAsked, Report, Server

NPM = Path(os.environ.get("MEDLEY_NPM", Path.home() / ".cache/medley-npm")) / "node_modules"
SUITE = NPM / "@modelcontextprotocol/conformance/dist/index.js"
CLIENT = ("initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry")
SERVER = ("server-initialize", "ping", "tools-list", "dns-rebinding-protection")
WAIT_S = 120.0
ARGUMENTS = {"add_numbers": {"a": 2, "b": 3}}
"""Of the suite's tools, where they need some."""


def main() -> int:
    """Run the scenarios and print how each went; 0 where all passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--client-only", action="store_true")
    parser.add_argument("--as-client", metavar="URL", help="be the client; for the suite itself")
    options = parser.parse_args()
    if options.as_client:
        return be_client(options.as_client)
    node = os.environ.get("MEDLEY_NODE") or shutil.which("node")
    if node is None or not SUITE.is_file():
        sys.exit(f"node or the suite is not here; see the top of {__file__}")
    own = shlex.join([sys.executable, "-m", "benchmarks.mcp_conformance", "--as-client"])
    passed = [_run(node, "client", name, ["--command", own]) for name in CLIENT]
    if not options.client_only:
        with served() as url:
            passed += [_run(node, "server", name, ["--url", url]) for name in SERVER]
    print(f"{sum(passed)} of {len(passed)} scenarios passed")
    return 0 if all(passed) else 1


def _run(node: str, side: str, scenario: str, words: list[str]) -> bool:
    command = [node, str(SUITE), side, "--scenario", scenario, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    counts = [line for line in lines if line.startswith(("Passed:", "✓", "✗"))]
    print(f"{side:<7} {scenario:<38} {'passed' if done.returncode == 0 else 'FAILED'}  "
          f"{counts[0] if counts else ''}")  # fmt: skip
    if done.returncode:
        print("\n".join(f"    {line[:300]}" for line in lines[-25:]))
    return done.returncode == 0


def be_client(url: str) -> int:
    """Connect, call every tool once, answer every form with its defaults."""
    ends: list[Called | CallFailed] = []
    heard = threading.Condition()

    def listen(report: Report) -> None:
        if isinstance(report, ElicitAsked):
            client.answer_elicit(report.id, "accept", "{}")
        with heard:
            if isinstance(report, Called | CallFailed):
                ends.append(report)
            heard.notify_all()

    client = ToolsClient(listen)
    with client:
        client.configure(servers=[Server("suite", url=url)])
        client.start()
        with heard:
            heard.wait_for(lambda: client.servers and client.servers[0].state != "starting", WAIT_S)
        for tool in [one for one in client.tools if one.server == "suite"]:
            arguments = json.dumps(ARGUMENTS.get(tool.name, {}))
            count = len(ends)
            client.call("suite", tool.name, arguments, tool.definition)
            with heard:
                heard.wait_for(partial(_is_longer, ends, count), WAIT_S)
        print(client.servers, ends)
        return 0 if client.servers[0].state == "ready" else 1


def _is_longer(ends: list[Called | CallFailed], count: int) -> bool:
    return len(ends) > count


@contextmanager
def served() -> Iterator[str]:
    """Medley's server at an address of this machine; nothing is loaded before it is asked."""
    import uvicorn

    from desktop.mcp_server.server import mcp_server
    from desktop.mcp_server.work import Work

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        application = mcp_server(Work("pocket", {"device": "cpu"})).streamable_http_app()
        server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        server.should_exit = True
        thread.join(WAIT_S)


if __name__ == "__main__":
    sys.exit(main())
