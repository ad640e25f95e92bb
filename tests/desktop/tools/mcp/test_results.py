"""Results become text and files, whatever a server says of them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from mcp_types import CallToolResult

from desktop.tools.mcp.results import MOST_FILES, MOST_TEXT, ResultReader
from desktop.tools.source import Outcome

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


def read(folder: Path, *content: dict[str, Any], **more: Any) -> Outcome:
    """What a result on the wire becomes."""
    result = CallToolResult.model_validate({"content": list(content), **more}, by_name=False)
    return ResultReader(folder).read(result)


def picture(data: bytes, mime: str = "image/png") -> dict[str, Any]:
    return {"type": "image", "data": base64.b64encode(data).decode(), "mimeType": mime}


def blob(uri: str, data: bytes) -> dict[str, Any]:
    return {"type": "resource", "resource": {"uri": uri, "blob": base64.b64encode(data).decode()}}


def test_texts_stand_below_each_other_without_hidden_characters(tmp_path: Path) -> None:
    told = read(
        tmp_path,
        {"type": "text", "text": "one\u200b"},
        {"type": "resource", "resource": {"uri": "file:///a.txt", "text": "two\u202e"}},
        {"type": "resource_link", "uri": "https://example.com/x", "name": "there"},
    )

    assert told.text == "one\n\n[file:///a.txt]\ntwo\n\n[link: there, https://example.com/x]"
    assert not told.failed


def test_structured_content_is_told_where_there_is_no_text(tmp_path: Path) -> None:
    assert '"degrees": 21' in read(tmp_path, structuredContent={"degrees": 21}).text
    both = read(tmp_path, {"type": "text", "text": "21 degrees"}, structuredContent={"degrees": 21})
    assert both.text == "21 degrees"


def test_a_medium_is_named_by_its_content(tmp_path: Path) -> None:
    told = read(tmp_path, picture(PNG, "image/jpeg"), picture(b"no picture"))

    assert [(file.name, file.path.read_bytes()) for file in told.files] == [("image.png", PNG)]
    assert "left out: called image/png, found unknown content of 10 bytes" in told.text


def test_files_within_a_result_stay_in_its_folder(tmp_path: Path) -> None:
    told = read(tmp_path, blob("file:///../../etc/passwd", b"root"), blob("x://a/..", PNG))

    assert [file.path.parent for file in told.files] == [tmp_path, tmp_path]
    assert told.files[0].name == "passwd.bin"
    assert told.files[1].name.endswith(".png")


def test_text_and_files_are_bounded(tmp_path: Path) -> None:
    told = read(tmp_path, {"type": "text", "text": "x" * 200_000}, *[picture(PNG)] * 20)

    assert len(told.files) == MOST_FILES
    assert len(told.text) < MOST_TEXT + 100
    assert "more characters are left out" in told.text


def test_what_a_tool_says_of_its_failure_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, {"type": "text", "text": "no"}, isError=True).failed
