"""What a tool of a server gave, as text and files: bounded, and named by what it is, not by what
the server calls it.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from pathlib import Path
from typing import Any

import msgspec
from mcp_types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
)

from desktop.tools.mcp.hidden_text import visible
from desktop.tools.source import Outcome
from plugins.printable import one_line
from plugins.tool import OutputFile
from runtime.media.sniff import Content, content_of

MOST_TEXT = 100_000
"""Characters of one result."""
MOST_FILES = 16
MOST_FILE_BYTES = 64 * 2**20
_EXTENSIONS = {
    "PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp", "BMP": ".bmp", "TIFF": ".tiff",
    "AVIF": ".avif", "HEIC": ".heic", "wav": ".wav", "flac": ".flac", "aiff": ".aiff",
    "mp3": ".mp3", "aac": ".aac", "amr": ".amr", "caf": ".caf", "ogg": ".ogg", "avi": ".avi",
    "matroska": ".mkv", "mov": ".mp4", "mpeg": ".mpg", "mpegts": ".ts", "asf": ".asf",
    "flv": ".flv",
}  # fmt: skip
_FAMILIES = {"image": ("image",), "audio": ("sound", "container")}
_NAME = re.compile(r"[^\w.-]+")


class ResultReader:
    """Reads one result.

    Notes within the text are the model's to read, as is the text; both are English.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is where its files go."""
        self._folder = folder
        self._texts: list[str] = []
        self._files: list[OutputFile] = []
        self._bytes = 0

    def read(self, result: CallToolResult) -> Outcome:
        """What the result holds."""
        for block in result.content:
            self._take(block)
        if result.structured_content is not None and not self._texts:
            self._texts.append(_as_json(result.structured_content))
        return Outcome(
            _cut("\n\n".join(text for text in self._texts if text)),
            tuple(self._files),
            failed=result.is_error,
        )

    def _take(self, block: ContentBlock) -> None:
        match block:
            case TextContent():
                self._texts.append(visible(block.text))
            case ImageContent():
                self._medium("image", block.data, block.mime_type)
            case AudioContent():
                self._medium("audio", block.data, block.mime_type)
            case ResourceLink():
                title = one_line(visible(block.title or block.name))[:200]
                self._note(f"link: {title}, {one_line(visible(block.uri))[:500]}")
            case EmbeddedResource():
                self._resource(block)

    def _resource(self, block: EmbeddedResource) -> None:
        resource = block.resource
        uri = one_line(visible(str(resource.uri)))[:500]
        if isinstance(resource, BlobResourceContents):
            data = self._decoded(resource.blob, uri)
            if data is not None:
                name = _NAME.sub("-", uri.rsplit("/", 1)[-1])[-80:].strip("-.")
                self._keep(data, name or "resource", _sniffed(data))
        else:
            self._texts.append(f"[{uri}]\n{visible(resource.text)}")

    def _medium(self, kind: str, encoded: str, said: str) -> None:
        said = one_line(visible(said))[:80]
        data = self._decoded(encoded, said)
        if data is None:
            return
        content = _sniffed(data)
        if content.family not in _FAMILIES[kind]:
            is_it = f"{content.family} {content.format}".strip()
            self._note(f"left out: called {said}, found {is_it} content of {len(data)} bytes")
            return
        self._keep(data, kind, content)

    def _keep(self, data: bytes, name: str, content: Content) -> None:
        if len(self._files) >= MOST_FILES:
            self._note(f"left out: more than {MOST_FILES} files")
            return
        suffix = _EXTENSIONS.get(content.format, "")
        if not suffix and "." not in name:
            suffix = ".bin"
        if suffix and not name.lower().endswith(suffix):
            name = f"{name}{suffix}"
        path = self._folder / f"{len(self._files) + 1}-{name}"
        path.write_bytes(data)
        self._files.append(OutputFile(path, name))

    def _decoded(self, encoded: str, what: str) -> bytes | None:
        """The bytes; None, with a note, where there are none or too many."""
        if self._bytes + len(encoded) * 3 // 4 > MOST_FILE_BYTES:
            self._note(f"left out: {what}, more than {MOST_FILE_BYTES // 2**20} MB in one result")
            return None
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            self._note(f"left out: {what}, not valid base64")
            return None
        if not data:
            self._note(f"left out: {what}, empty")
            return None
        self._bytes += len(data)
        return data

    def _note(self, text: str) -> None:
        self._texts.append(f"[{text}]")


def _as_json(value: Any) -> str:
    return visible(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())


def _sniffed(data: bytes) -> Content:
    return content_of(io.BufferedReader(io.BytesIO(data)))


def _cut(text: str) -> str:
    if len(text) <= MOST_TEXT:
        return text
    return f"{text[:MOST_TEXT]}\n[cut: {len(text) - MOST_TEXT} more characters are left out]"
