"""Exports as the other programs write them, made up here."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAFUlEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAA"
    "AABJRU5ErkJggg=="
)
"""A picture of 2 x 3 pixels."""
WAV = b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80>\x00\x00\x00}\x00\x00"
WAV += b"\x02\x00\x10\x00data\x08\x00\x00\x00" + b"\x00" * 8
"""A sound of four samples."""
SECOND = 1_726_000_000.5


def chat_node(
    key: str,
    parent: str | None,
    role: str = "user",
    content: Any = "",
    **more: Any,
) -> dict[str, Any]:
    """A node of ChatGPT's mapping; words as `content` are its only part."""
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    name = more.pop("name", None)
    message = {
        "id": key,
        "author": {"role": role, "name": name, "metadata": {}},
        "create_time": SECOND,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        "channel": None,
    } | more
    return {"id": key, "message": message, "parent": parent, "children": []}


def chat(*nodes: dict[str, Any], current: str = "", key: str = "conversation-1") -> dict[str, Any]:
    """A conversation of ChatGPT."""
    root = {"id": "root", "message": None, "parent": None, "children": []}
    return {
        "title": "Boats",
        "create_time": SECOND,
        "update_time": SECOND + 60,
        "mapping": {"root": root} | {node["id"]: node for node in nodes},
        "moderation_results": [],
        "current_node": current or nodes[-1]["id"],
        "conversation_id": key,
        "default_model_slug": "gpt-4o",
        "is_archived": False,
        "id": key,
    }


def pointer(place: str) -> dict[str, Any]:
    """A part that shows a picture."""
    return {
        "content_type": "image_asset_pointer",
        "asset_pointer": place,
        "size_bytes": len(PNG),
        "width": 2,
        "height": 3,
        "fovea": None,
        "metadata": {"dalle": {"prompt": "a red boat"}},
    }


def boats() -> dict[str, Any]:
    """A conversation of ChatGPT with a branch, thoughts, a call, pictures and what it hides."""
    thoughts = {
        "content_type": "thoughts",
        "thoughts": [{"summary": "Counting", "content": "Two boats.", "chunks": []}],
        "source_analysis_msg_id": "a0",
    }
    asked = {
        "content_type": "multimodal_text",
        "parts": [pointer("sediment://file_00000000abcd"), "How many boats are here?"],
    }
    return chat(
        chat_node("hidden", "root", "system", ""),
        chat_node(
            "context", "hidden", "user",
            {"content_type": "user_editable_context", "user_profile": "", "user_instructions": "x"},
            metadata={"is_visually_hidden_from_conversation": True},
        ),
        chat_node(
            "u1", "context", "user", asked,
            metadata={"attachments": [{"id": "file_00000000abcd", "name": "harbour.png"}]},
        ),
        chat_node("t1", "u1", "assistant", thoughts, metadata={"model_slug": "gpt-5-thinking"}),
        chat_node(
            "r1", "t1", "assistant",
            {"content_type": "reasoning_recap", "content": "Thought for 3s"},
        ),
        chat_node(
            "c1", "r1", "assistant",
            {"content_type": "code", "language": "unknown", "text": "print(1 + 1)"},
            recipient="python",
        ),
        chat_node(
            "o1", "c1", "tool", {"content_type": "execution_output", "text": "2"}, name="python"
        ),
        chat_node("a1", "o1", "assistant", "There are **two**.\ue200cite\ue202turn0\ue201"),
        chat_node("a2", "u1", "assistant", "I see two boats."),
        chat_node("u2", "a2", "user", "Draw a third one."),
        chat_node(
            "d2", "u2", "tool",
            {"content_type": "multimodal_text", "parts": [pointer("file-service://file-Xy12")]},
            name="dalle.text2im",
        ),
    )  # fmt: skip


def chatgpt_zip(target: Path, *conversations: dict[str, Any]) -> Path:
    """A data export of ChatGPT."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps(list(conversations)))
        archive.writestr("user.json", json.dumps({"id": "user-1", "email": "ada@example.org"}))
        archive.writestr("message_feedback.json", "[]")
        archive.writestr("chat.html", "<html></html>")
        archive.writestr("file_00000000abcd-sanitized.png", PNG)
        archive.writestr("dalle-generations/file-Xy12-0f3a.webp", PNG + b"x")
    return target


def webui_chats() -> list[dict[str, Any]]:
    """An export of Open WebUI: one chat with two answers, thoughts, a call and a picture."""
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    thought = (
        '<details type="reasoning" done="true" duration="4">\n<summary>Thought for 4 seconds'
        "</summary>\n&gt; It is &lt;small&gt;.\n&gt; And red.\n</details>\n"
    )
    called = (
        '<details type="tool_calls" done="true" id="call_1" name="look_up" '
        'arguments="&quot;{\\&quot;boat\\&quot;: \\&quot;red\\&quot;}&quot;" '
        'result="&quot;found one&quot;" files="" embeds="">\n<summary>Tool Executed</summary>\n'
        "</details>\n"
    )
    messages = {
        "u1": {
            "id": "u1", "parentId": None, "childrenIds": ["a1", "a2"], "role": "user",
            "content": "What is this?", "timestamp": 1_726_000_000,
            "files": [{"type": "image", "url": url}, {"type": "file", "id": "f1", "name": "x.pdf"}],
        },
        "a1": {
            "id": "a1", "parentId": "u1", "childrenIds": [], "role": "assistant",
            "content": thought + called + "A boat.", "model": "llama3", "timestamp": 1_726_000_009,
        },
        "a2": {
            "id": "a2", "parentId": "u1", "childrenIds": [], "role": "assistant",
            "content": "A ship.", "model": "qwen3", "timestamp": 1_726_000_010,
        },
    }  # fmt: skip
    return [
        {
            "id": "6f1c-77", "user_id": "u", "title": "A picture",
            "chat": {
                "title": "A picture", "models": ["llama3", "qwen3"],
                "params": {"system": "Be brief."},
                "history": {"messages": messages, "currentId": "a1"}, "messages": [], "tags": [],
                "timestamp": 1_726_000_000_000,
            },
            "updated_at": 1_726_000_011, "created_at": 1_726_000_000, "share_id": None,
            "archived": False, "pinned": False, "meta": {}, "folder_id": None,
        }
    ]  # fmt: skip


def lm_conversation() -> dict[str, Any]:
    """A conversation of LM Studio: a picture, a thought, a call, and an answer in two versions."""
    asked = {
        "type": "singleStep", "role": "user",
        "content": [
            {"type": "text", "text": "What is here?"},
            {"type": "file", "fileIdentifier": "1726 - 431.png", "fileType": "image",
             "sizeBytes": len(PNG)},
        ],
    }  # fmt: skip

    def block(*content: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"type": "contentBlock", "stepIdentifier": "1", "content": list(content)} | more

    def said(text: str) -> dict[str, Any]:
        return {"type": "text", "text": text, "fromDraftModel": False}

    thinking = {"type": "thinking", "ended": True, "title": "Thought for 2.50 seconds"}
    request = {
        "type": "toolCallRequest", "callId": 1, "toolCallRequestId": "77", "name": "run_javascript",
        "parameters": {"code": "1+1"}, "pluginIdentifier": "lmstudio/js-code-sandbox",
    }  # fmt: skip
    result = {"type": "toolCallResult", "content": '{"stdout":"2"}', "toolCallId": "77"}
    sender = {"senderName": "qwen/qwen3-4b"}
    first = {
        "type": "multiStep", "role": "assistant", "senderInfo": sender,
        "steps": [block(said("Two boats."))],
    }  # fmt: skip
    second = {
        "type": "multiStep", "role": "assistant", "senderInfo": sender,
        "steps": [
            block(said("It is a boat."), style=thinking, prefix="<think>", suffix="</think>"),
            block(request),
            block(result, roleOverride="tool"),
            {"type": "debugInfoBlock", "stepIdentifier": "2", "debugInfo": "secret"},
            block(said("A boat.")),
        ],
    }  # fmt: skip
    return {
        "name": "Harbour", "pinned": False, "createdAt": 1_726_000_000_123, "preset": "",
        "tokenCount": 12, "systemPrompt": "",
        "messages": [
            {"versions": [asked], "currentlySelected": 0},
            {"versions": [first, second], "currentlySelected": 1},
        ],
        "usePerChatPredictionConfig": True,
        "perChatPredictionConfig": {
            "fields": [{"key": "llm.prediction.systemPrompt", "value": "Be kind."}]
        },
        "clientInput": "", "clientInputFiles": [], "userFilesSizeBytes": 0, "notes": [],
        "plugins": [], "pluginConfigs": {}, "disabledPluginTools": [], "looseFiles": [],
    }  # fmt: skip


def lm_studio_folder(home: Path) -> Path:
    """LM Studio's folder of conversations, with what was attached beside it."""
    conversations = home / "conversations"
    (conversations / "work").mkdir(parents=True)
    (home / "user-files").mkdir()
    path = conversations / "work" / "1726000000123.conversation.json"
    path.write_text(json.dumps(lm_conversation()), "utf-8")
    (home / "user-files" / "1726 - 431.png").write_bytes(PNG)
    return conversations


def jan_folder(home: Path) -> Path:
    """Jan's folder of threads."""
    thread = home / "threads" / "1726000000"
    thread.mkdir(parents=True)
    (thread / "thread.json").write_text(
        json.dumps({
            "id": "1726000000", "object": "thread", "title": "Tides", "assistants": [],
            "created": 1_726_000_000, "metadata": {}, "updated": 1_726_000_100,
        })
    )  # fmt: skip
    answer = "<think>Moon.</think>\nThe moon."
    texts = (("user", "Why are there tides?"), ("assistant", answer))
    lines = [
        {
            "id": f"m{number}", "object": "thread.message", "thread_id": "1726000000",
            "role": role, "created_at": 1_726_000_000 + number, "status": "ready",
            "content": [{"type": "text", "text": {"value": text, "annotations": []}}],
        }
        for number, (role, text) in enumerate(texts)
    ]  # fmt: skip
    (thread / "messages.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return home / "threads"
