"""`medley mcp` as a person types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.desktop.conftest import Run, error_line

ROOT = Path(__file__).parents[3]
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def test_settings_for_other_programs_are_printed(medley: Run) -> None:
    told = json.loads(medley("mcp", "--settings").out)["mcpServers"]["medley"]

    assert Path(told["command"]).is_absolute()
    assert told["args"][-1] == "mcp"
    # Programs that know MCP start exactly this.
    asked = subprocess.run(
        [told["command"], *told["args"]],
        input=json.dumps(HELLO) + "\n",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert json.loads(asked.stdout)["result"]["serverInfo"]["name"] == "medley"


def test_an_unknown_bundle_is_told_before_anything_is_served(medley: Run) -> None:
    assert "pocket" in error_line(medley("mcp", "--bundle", "no-such-bundle"))


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop.cli", "mcp", "--bundle", "pocket"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(HELLO) + "\n")
    process.stdin.flush()
    assert "serverInfo" in process.stdout.readline()

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)

    assert process.returncode == 130
    assert "Traceback" not in out + err
