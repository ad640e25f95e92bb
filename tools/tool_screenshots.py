"""Takes the pictures of tools in the documents: a question to the person, cards, the sheet, memory.

What the model asks for is written down here; the window, the library, the tools process, the
consent and the files are real, in a folder that is deleted afterwards.

    python -m tools.tool_screenshots [FOLDER]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from desktop.assistant import engines
from desktop.assistant.agent import agent
from desktop.window.start import prepare
from desktop.window.theme import quiet_known_noise
from tests.desktop.assistant.agent.scripted import Say, ScriptedClient
from tools.screenshots import FOLDER, LANGUAGES, Studio

CONTEXT = 32_768
"""Positions of the model's: room for every tool."""
LISTS = {
    "en": (
        "shopping.md", "# Shopping\n\n- bread\n- milk\n- coffee\n", "- milk\n",
        "- oat milk\n- apples\n",
    ),
    "zh_CN": ("购物.md", "# 购物\n\n- 面包\n- 牛奶\n- 咖啡\n", "- 牛奶\n", "- 燕麦奶\n- 苹果\n"),
}  # fmt: skip
"""A file, what stands in it, a passage, and what takes its place."""
ERRANDS = {
    "en": (
        "Put apples on my shopping list, and oat milk in place of milk.",
        "I look at the list first.",
        "Your list now has oat milk in place of milk, and apples.",
    ),
    "zh_CN": (
        "请把苹果加到购物单上，并把牛奶换成燕麦奶。",
        "我先看看购物单。",
        "购物单已更新：牛奶换成了燕麦奶，并加上了苹果。",
    ),
}
"""What is asked for, and what is said before and after the calls."""
FACTS = {
    "en": ("I am a vegetarian.", "My daughter is called Lin, and she is seven."),
    "zh_CN": ("我吃素。", "我女儿叫小林，今年七岁。"),
}


def photograph(studio: Studio, language: str, folder: Path) -> None:
    """A question, the cards afterwards, the sheet, the memory and what was done."""
    medley, now = studio.medley, studio.window.session.now
    if now is None:
        raise LookupError("tool_screenshots: the library is not open")
    name, text, old, new = LISTS[language]
    wish, before, after = ERRANDS[language]
    (folder / name).write_text(text, "utf-8")
    medley.dismissFirstStart()
    medley.settings_model.setProperty("tools", True)
    now.library.tools.grant(str(folder), True)
    for fact in FACTS[language]:
        now.library.memories.add(fact)
    ScriptedClient.script += [
        Say(before, (("read_file", {"path": name}),)),
        Say("", (("edit_file", {"path": name, "old": old, "new": new}),)),
        Say(after),
    ]
    studio.begin(wish)
    for shown in (False, True):
        studio.until(now.agent.pending)
        studio.rest()
        if shown:
            studio.photograph("consent")
        for asked in now.agent.pending():
            medley.tools_view.calls_view.answer(str(asked.message_id), asked.call_id, "once")
        studio.until(lambda: not medley.tools_view.calls_view.conversations)
    studio.until(lambda: not medley.composer_model.property("busy"))
    studio.photograph("tool-cards")
    studio.call("dialogs", "openTools", "tools")
    studio.until(lambda: medley.tools_view.catalogue_model.rowCount())
    studio.photograph("tools")
    for page in ("memory", "history"):
        studio.call("toolsSheet", "showPage", page)
        studio.photograph(f"tools-{page}")


def main(arguments: list[str]) -> int:
    """Take every picture; the exit code."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    quiet_known_noise()
    app = QGuiApplication([])
    prepare(app)
    vars(engines)["EngineClient"] = ScriptedClient
    agent.context_of = lambda bundle: CONTEXT
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory(prefix="medley-screenshots-") as place:
            ScriptedClient.folder = Path(place) / "media"
            granted = Path(place) / "Documents"
            granted.mkdir()
            studio = Studio(language, Path(place) / "library.db", folder, engine=False)
            try:
                photograph(studio, language, granted)
            finally:
                studio.window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
