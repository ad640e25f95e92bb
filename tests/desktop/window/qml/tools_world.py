"""The made-up part of `medley` that is tools, and states of it: cards, the sheet, the popup."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.window.tools import words
from tests.desktop.window.qml.made import made_full, made_model, made_part, rows

LONG = "/home/somebody/Documents/a very long way/to/a file with a long name, 2026-11-29, final.txt"
DIFF = (
    "--- shopping.md\n+++ shopping.md\n@@ -1,4 +1,4 @@\n # Shopping\n-- milk\n+- oat milk\n"
    " - bread\n+- apples\n"
)
QUESTION: dict[str, Any] = {
    "ready": True,
    "touches": ["write files"],
    "description": "Writes a file.",
    "arguments": words.plain(words.pretty('{"path": "shopping.md", "content": "# Shopping\\n"}')),
    "folder": "~/Documents",
    "always": True,
    "changed": False,
    "foreign": False,
    "notice": "",
    "problem": "",
    "preview": words.previewed(DIFF, "diff"),
    "previewKind": "diff",
}
DETAILS: dict[str, Any] = {
    "arguments": words.plain("query: boats"),
    "result": words.plain("1. A red boat at night\n2. [not a link](https://example.org)"),
    "leftOut": 0,
    "reason": "",
}
FORM: dict[str, Any] = {
    "server": "files", "message": words.plain("Which of the two folders do you mean?"), "url": "",
    "fields": [
        {"name": "folder", "title": "Folder", "description": "Its name", "kind": "text",
         "required": True, "value": None, "choices": []},
        {"name": "depth", "title": "Depth", "description": "", "kind": "integer",
         "required": False, "value": "2", "choices": []},
        {"name": "order", "title": "Order", "description": "", "kind": "choice", "required": True,
         "value": "name", "choices": [{"value": "name", "text": "By name"},
                                      {"value": "size", "text": "By size"}]},
        {"name": "hidden", "title": "Hidden files too", "description": "", "kind": "boolean",
         "required": False, "value": True, "choices": []},
    ],
}  # fmt: skip


def call(state: str, tool: str = "search_library", **more: Any) -> dict[str, Any]:
    """A block that is a call of a tool."""
    shown = {
        "id": f"{tool}-{state}", "server": "medley", "tool": tool, "title": "", "state": state,
        "main": "boats", "seconds": 0.4 if state == "done" else -1.0, "undoable": False,
        "undone": False,
    }  # fmt: skip
    return {"kind": "tool", "text": "", "plain": "", "call": {**shown, **more}}


def tools() -> Any:
    """Everything of tools, at rest."""
    parts = {
        "cards": made_full(
            QObject,
            {"asked": ("QStringList", []), "waitingCount": ("int", 0)},
            {"question": 2, "answer": 3, "details": 3, "copyResult": 2, "undo": 2,
             "elicitation": 2, "submit": 3, "refuse": 3},
            signals={
                "questionReady": Signal(str, str, "QVariantMap"),
                "progressed": Signal(str, str, int, int),
            },
            answers={"question": ("QVariantMap", QUESTION), "details": ("QVariantMap", DETAILS),
                     "elicitation": ("QVariantMap", FORM), "submit": ("QString", "")},
        ),
        "here": made_part(
            {"on": ("bool", True), "folders": ("QObject*", None), "folderCount": ("int", 0),
             "told": ("QString", "")},
            {"setOn": 1, "grant": 2, "setWritable": 2, "withdraw": 1},
        ),
        "everywhere": made_part(
            {"folders": ("QObject*", None)}, {"grant": 2, "setWritable": 2, "withdraw": 1}
        ),
        "catalogue": made_model(
            "server name called description touches asks notice",
            {"looking": ("bool", False), "problems": ("QStringList", [])}, {"refresh": 0},
        ),
        "servers": made_model(
            "name called command on state tools problem", {"problem": ("QString", "")},
            {"paste": 1, "setOn": 2, "remove": 1, "test": 1},
        ),
        "permissions": made_model(
            "permissionId server tool folder allowed time", {}, {"revoke": 1}
        ),
        "history": made_model(
            "logId server tool main arguments decision state time seconds conversationId messageId "
            "title",
            {"query": ("QString", "")}, {},
        ),
        "memories": made_model(
            "memoryId text own time conversationId messageId title", {"forgotten": ("QString", "")},
            {"add": 1, "edit": 2, "forget": 1, "bringBack": 0, "exportTo": 1},
        ),
        "reminders": made_part(
            {"due": ("QObject*", None), "coming": ("QObject*", None)},
            {"done": 1, "snooze": 1, "remove": 1},
        ),
    }  # fmt: skip
    made = made_part({name: ("QObject*", None) for name in parts}, {"refresh": 0, "rest": 0})
    for name, part in parts.items():
        part.setParent(made)
        made.values[name] = part
    for owner, name, roles in (
        ("here", "folders", "folderId shown name writable everywhere"),
        ("everywhere", "folders", "folderId shown name writable everywhere"),
        ("reminders", "due", "reminderId text due late"),
        ("reminders", "coming", "reminderId text due late"),
    ):
        model = made_model(roles, {}, {})
        model.setParent(made)
        parts[owner].values[name] = model
    return made


def filled(made: Any) -> None:
    """Something of everything."""
    rows(
        made.values["catalogue"],
        [{"name": "calculate", "called": "Calculate", "touches": ["nothing"], "asks": "never",
          "description": "Computes what an expression is worth."},
         {"name": "write_file", "touches": ["write files"], "description": "Writes a file."},
         {"server": "notes", "name": "notes-add", "called": "Add a note", "touches": ["anything"],
          "description": "Adds a note. " * 30, "notice": "Its texts held hidden characters."}],
        server="medley", called="", asks="once", notice="",
    )  # fmt: skip
    rows(
        made.values["servers"],
        [{"name": "notes", "on": True, "state": "ready", "tools": 4, "called": "Notes 2.1"},
         {"name": "broken", "on": True, "state": "failed",
          "problem": "expected the server to be ready, found it ended."},
         {"name": "off"}],
        called="", command="npx -y @example/notes-server --root /home/somebody/notes\nNOTES_KEY=…",
        on=False, state="off", tools=0, problem="",
    )  # fmt: skip
    folders = [{"folderId": 1, "shown": "~/Documents", "name": "Documents", "writable": True},
               {"folderId": 2, "shown": LONG, "name": "final", "everywhere": True}]  # fmt: skip
    for owner in ("here", "everywhere"):
        rows(made.values[owner].values["folders"], folders, writable=False, everywhere=False)
    rows(
        made.values["permissions"],
        [{"permissionId": 1, "tool": "write_file", "folder": "~/Documents"},
         {"permissionId": 2, "server": "notes", "tool": "notes-add", "allowed": False}],
        server="medley", folder="", allowed=True, time=1.764e12,
    )  # fmt: skip
    rows(
        made.values["history"],
        [{"logId": at, "tool": tool, "main": main, "state": state, "decision": decision}
         for at, (tool, main, state, decision) in enumerate((
             ("write_file", "shopping.md", "done", "once"),
             ("calculate", "12 * 4", "done", "unasked"),
             ("notes-add", "Buy apples", "refused", "refused"),
             ("read_file", LONG, "failed", "always")))],
        server="medley", arguments="", time=1.764e12, seconds=0.4, conversationId="1",
        messageId="m1", title="Shopping",
    )  # fmt: skip
    rows(
        made.values["memories"],
        [{"memoryId": 1, "text": "I am a vegetarian."},
         {"memoryId": 2, "text": "My daughter is called Lin and she is seven. " * 3,
          "own": False}],
        own=True, time=1.764e12, conversationId="1", messageId="m1", title="What to cook",
    )  # fmt: skip
    rows(
        made.values["reminders"].values["coming"],
        [{"reminderId": 1, "text": "Call the dentist"}], due=1.764e12, late=False,
    )  # fmt: skip
