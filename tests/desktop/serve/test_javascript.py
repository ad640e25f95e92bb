"""OpenAI's own JavaScript client against a real server.

    npm install --prefix ~/.cache/medley-tests/node openai@7.59.0 ws

brings what it needs; without it, or without Node.js, the test is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.desktop.serve.conftest import TOKEN, Served

NODE = shutil.which("node")
MODULES = Path(
    os.environ.get("MEDLEY_TEST_NODE_MODULES") or "~/.cache/medley-tests/node/node_modules"
).expanduser()
SCRIPT = Path(__file__).with_name("node_client.mjs")


@pytest.mark.skipif(NODE is None, reason="Node.js is not here")
@pytest.mark.skipif(
    not (MODULES / "openai").is_dir() or not (MODULES / "ws").is_dir(),
    reason=f"npm's openai and ws are not in {MODULES}: `npm install --prefix {MODULES.parent} "
    "openai@7.59.0 ws` brings them",
)
def test_the_javascript_client_is_answered(pocket: Served, tmp_path: Path) -> None:
    # Modules are looked for beside the script that asks for them.
    script = tmp_path / SCRIPT.name
    script.write_text(SCRIPT.read_text("utf-8"), "utf-8")
    (tmp_path / "node_modules").symlink_to(MODULES, target_is_directory=True)

    ran = subprocess.run(
        [str(NODE), str(script)],
        env={**os.environ, "BASE": f"{pocket.base}/v1", "TOKEN": TOKEN},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["next"]
    for name in ("whole", "streamed", "response", "realtime"):
        assert found[name].startswith("Hello"), name
    assert found["events"][0] == "response.created"
    assert found["events"][-1] == "response.completed"
    assert found["picture"] == "iVBORw0K"
    assert found["refused"] == [400, "n"]
