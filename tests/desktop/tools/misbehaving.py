"""A plugin whose tools do what good ones do not, installed for the tools process of a test."""

from __future__ import annotations

from pathlib import Path

PLUGIN = "trouble"
_CODE = """
import os, subprocess, sys, threading, time
from plugins.api import OutputFile, Tool, ToolOutput, ToolPreview
from plugins.errors import KnownError

class _Base(Tool):
    version = "1"

class Wait(_Base):
    name = "wait"
    def call(self, arguments, stage):
        stage.progress(1, 2)
        while True:
            time.sleep(0.01)
            stage.progress(1, 0)

class Stubborn(_Base):
    name = "stubborn"
    def call(self, arguments, stage):
        stage.progress(1, 1)
        threading.Event().wait()

class Shout(_Base):
    name = "shout"
    def call(self, arguments, stage):
        return ToolOutput("\\udc80" + "x" * arguments["size"])

class Give(_Base):
    name = "give"
    def call(self, arguments, stage):
        kind, path = arguments["kind"], stage.folder / "one.txt"
        path.write_text("here")
        (stage.folder / "left.txt").write_text("not given")
        if kind == "link":
            path = stage.folder / "link"
            path.symlink_to("/etc/passwd")
        if kind == "outside":
            path = stage.folder / ".." / ".." / "passwd"
        if kind == "linked folder":
            (stage.folder / "sub").symlink_to("/etc")
            path = stage.folder / "sub" / "passwd"
        if kind == "pipe":
            path = stage.folder / "pipe"
            os.mkfifo(path)
        return ToolOutput("given", (OutputFile(path, "name.txt"),))

class Raise(_Base):
    name = "fail"
    def call(self, arguments, stage):
        if arguments.get("known"):
            raise KnownError("{what}: expected a boat, found none.", what="sea")
        raise ZeroDivisionError("no boats")

class Die(_Base):
    name = "die"
    def call(self, arguments, stage):
        stage.progress(1, 1)
        os._exit(3)

class Ask(_Base):
    name = "ask"
    def call(self, arguments, stage):
        return ToolOutput(str(stage.service("memory.list", {"n": arguments.get("n", 0)})))

class Spawn(_Base):
    name = "spawn"
    def call(self, arguments, stage):
        code = ("import os,sys,time; os.fork() and os._exit(0); os.setsid(); "
                "print(os.getpid(), flush=True); sys.stdout.close(); time.sleep(1000)")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE,
                              start_new_session=True, text=True) as one:
            return ToolOutput(one.stdout.readline().strip())

class Missing(_Base):
    name = "without"
    def missing(self):
        from plugins.errors import phrase
        return phrase("expected a boat, found none; buy one.")
    def call(self, arguments, stage):
        return ToolOutput("")
"""
_TOOLS = {
    "wait": "Wait", "stubborn": "Stubborn", "shout": "Shout", "give": "Give", "fail": "Raise",
    "die": "Die", "ask": "Ask", "spawn": "Spawn", "without": "Missing", "absent": "Absent",
}  # fmt: skip


def install(site: Path) -> Path:
    """Leave the plugin in `site` as an installer would; `site`."""
    code, info = site / "medley_trouble", site / "medley_trouble-1.0.dist-info"
    code.mkdir(parents=True)
    info.mkdir()
    (code / "__init__.py").write_text(_CODE)
    tools = "".join(
        f'[[tools]]\nname = "{name}"\ntitle = "T"\ndescription = "Does {name}."\n'
        f'python_name = "medley_trouble:{cls}"\nparameters = \'{{"type": "object"}}\'\n'
        for name, cls in _TOOLS.items()
    )
    (code / "medley-plugin.toml").write_text(f'name = "{PLUGIN}"\nversion = "1.0"\n{tools}')
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley_trouble\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[medley.plugins]\n{PLUGIN} = medley_trouble\n")
    (info / "RECORD").write_text("medley_trouble/medley-plugin.toml,,\n")
    return site
