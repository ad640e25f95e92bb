"""A small internet on this machine: a package index, a hub, and a catalogue of tiny models.

The wheels are real ones, pip is the real pip; only the places are ours.
"""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import random
import re
import threading
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from runtime.catalogue.client import Download, Outcome
from runtime.catalogue.protocol import Report

REVISION = "0123456789abcdef0123456789abcdef01234567"
PIECE = 16 << 10


def wheel(name: str, members: Mapping[str, bytes], version: str = "1.0.0") -> tuple[str, bytes]:
    """File name and bytes of a wheel that holds these files."""
    return raw_wheel(name, {f"{name}/{path}": data for path, data in members.items()}, version)


def raw_wheel(name: str, members: Mapping[str, bytes], version: str = "1.0.0") -> tuple[str, bytes]:
    """The same with paths from the archive's root, whatever they are."""
    info = f"{name}-{version}.dist-info"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('imported')\n")
        for path, data in members.items():
            archive.writestr(path, data)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}-{version}-py3-none-any.whl", stream.getvalue()


def sha(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def noise(count: int, seed: int = 0) -> bytes:
    """So many bytes that do not get smaller."""
    return random.Random(seed).randbytes(count)


@dataclass
class Internet:
    """What the places of this machine give, and how they behave."""

    wheels: dict[str, bytes] = field(default_factory=dict)
    """By file name."""
    hub: dict[str, bytes] = field(default_factory=dict)
    """By `owner/name/file`."""
    redirects: dict[str, str] = field(default_factory=dict)
    """Where a path of the hub sends on to."""
    bytes_per_second: float = 0.0
    """0: as fast as it goes."""
    held: set[str] = field(default_factory=set)
    """Wheels that do not come as long as they are in here."""
    cut_after: int = 0
    """Bytes after which a file of the hub breaks off, once; 0: never."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range of every request."""
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    internet: Internet

    def do_GET(self) -> None:
        path, wanted = self.path.partition("?")[0], self.headers.get("Range", "")
        self.internet.asked.append((path, wanted))
        if found := re.fullmatch(r"/simple/([^/]+)/", path):
            self._send(200, self._page(found[1]), "text/html")
        elif path.startswith("/files/"):
            name = path.removeprefix("/files/")
            while name in self.internet.held:
                time.sleep(0.01)
            self._file(self.internet.wheels.get(name), "")
        elif path in self.internet.redirects:
            self.send_response(302)
            self.send_header("Location", self.internet.redirects[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif found := re.fullmatch(rf"/(.+)/resolve/{REVISION}/(.+)", path):
            self._file(self.internet.hub.get(f"{found[1]}/{found[2]}"), wanted)
        else:
            self._send(404, b"", "text/plain")

    def log_message(self, *words: object) -> None:
        """Nothing."""

    def _page(self, project: str) -> bytes:
        links = [
            f'<a href="{self.internet.url}/files/{name}">{name}</a>'
            for name in self.internet.wheels
            if name.split("-")[0].replace("_", "-").lower() == project
        ]
        return ("<!DOCTYPE html><html><body>" + "\n".join(links) + "</body></html>").encode()

    def _file(self, data: bytes | None, wanted: str) -> None:
        if data is None:
            self._send(404, b"", "text/plain")
            return
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self._send(206 if wanted else 200, data, "application/octet-stream", begin)

    def _send(self, status: int, data: bytes, kind: str, begin: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) - begin))
        if status == 206:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        cut = self.internet.cut_after if kind.startswith("application") else 0
        for start in range(begin, len(data), PIECE):
            if cut and start - begin >= cut:
                self.internet.cut_after = 0
                self.close_connection = True
                return
            try:
                self.wfile.write(data[start : start + PIECE])
            except OSError:
                return  # Whoever asked has gone.
            if self.internet.bytes_per_second and kind.startswith("application"):
                time.sleep(PIECE / self.internet.bytes_per_second)


class World:
    """The internet, a catalogue, and a person's data folder."""

    def __init__(self, folder: Path) -> None:
        """Everything below `folder`."""
        self.data, self.catalogue = folder / "data", folder / "catalogue"
        for name in ("entries", "groups", "licences"):
            (self.catalogue / name).mkdir(parents=True)
        (self.catalogue / "licences" / "MIT.txt").write_text("MIT License, the whole text.\n")
        self.internet = Internet()
        handler = type("Handler", (_Handler,), {"internet": self.internet})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.internet.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Take the internet away."""
        self.internet.held.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def models(self) -> Path:
        """Where models are installed."""
        return self.data / "medley" / "models"

    def environment(self) -> dict[str, str]:
        """What a process must know to live in this world."""
        return {
            "XDG_DATA_HOME": str(self.data),
            "MEDLEY_CATALOGUE": str(self.catalogue),
            "MEDLEY_OFFLINE": "0",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"{self.internet.url}/simple/",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_FIND_LINKS": "",
            "PIP_CONSTRAINT": "",
            "HF_ENDPOINT": self.internet.url,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def entry(self, name: str, files: list[dict[str, Any]], purpose: str = "see") -> None:
        """Add a model to the catalogue; `files` as an entry has them, archives taken from ours."""
        archives = {
            part.split("!")[0]
            for file in files
            for source in file["sources"]
            for part in source.get("parts", ())
        }
        wheels = self.internet.wheels
        told = {a: {"bytes": len(wheels[a]), "sha256": sha(wheels[a])} for a in archives}
        licence = {"part": "weights", "spdx": "MIT", "text": "MIT.txt", "notice": "By nobody."}
        data = {
            "name": name, "purpose": purpose, "title": name.title(), "rank": 1,
            "memory_bytes": 1, "languages": ["en"], "licences": [licence], "files": files,
            "archives": told,
        }  # fmt: skip
        (self.catalogue / "entries" / f"{name}.toml").write_text(tomli_w.dumps(data))

    def wheel_model(self, name: str, size: int = 300_000, parts: int = 2) -> bytes:
        """Add a model of one file whose parts lie in wheels; returns the file."""
        data = noise(size, seed=len(name))
        step = -(-size // parts)
        pieces = []
        for number in range(parts):
            package = f"{name}_part{number + 1}"
            piece = data[number * step : (number + 1) * step]
            file_name, archive = wheel(package, {"data.bin": piece})
            self.internet.wheels[file_name] = archive
            pieces.append(f"{file_name}!{package}/data.bin")
        self.entry(name, [one_file("model.bin", data, {"kind": "wheel", "parts": pieces})])
        return data

    def hub_model(self, name: str, size: int = 300_000) -> bytes:
        """Add a model of one file that only the hub has; returns the file."""
        data = noise(size, seed=len(name))
        self.internet.hub[f"lab/{name}/model.bin"] = data
        self.entry(name, [one_file("model.bin", data, hub(name))])
        return data

    def get(self, *names: str) -> tuple[Outcome, list[Report]]:
        """Fetch and wait: what became of it, and every report."""
        reports: list[Report] = []
        download = Download(reports.append)
        download.start(names)
        return download.wait(), reports

    def listed(self) -> list[str]:
        """Names of the folders beside the partial ones: what could ever be listed."""
        if not self.models.is_dir():
            return []
        return sorted(path.name for path in self.models.iterdir() if path.name != ".partial")


def one_file(path: str, data: bytes, *sources: dict[str, Any]) -> dict[str, Any]:
    """A file of an entry."""
    return {"path": path, "bytes": len(data), "sha256": sha(data), "sources": list(sources)}


def hub(name: str, file: str = "model.bin") -> dict[str, Any]:
    """A source: a file of the hub."""
    return {"kind": "hub", "repository": f"lab/{name}", "revision": REVISION, "file": file}


def record(folder: Path) -> dict[str, Any]:
    """What `model.toml` says."""
    import tomllib

    found: dict[str, Any] = tomllib.loads((folder / "model.toml").read_text())
    return msgspec.convert(found, dict[str, Any])
