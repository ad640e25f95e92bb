"""Takes the pictures of the window in the documents: its states, two themes, two languages.

Everything in them is real: a new library in a folder that is deleted afterwards, the worker with
the bundle Pocket, and answers that it gives while the pictures are taken. Those of the starter are
taken where a photograph and a document are given, to be asked about; those of a person's own models
where one is given, in a data folder that is deleted as well; those of tools, with the starter and a
folder of its own, where `tools` is given. Knows the view-models and the names of things in the
window; knows no model.

    python -m tools.screenshots [FOLDER]
    python -m tools.screenshots FOLDER PHOTOGRAPH DOCUMENT
    python -m tools.screenshots FOLDER MODEL.gguf
    python -m tools.screenshots FOLDER tools
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from PIL import Image
from PySide6.QtCore import (
    Q_ARG,
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMetaObject,
    QObject,
    Qt,
    QTimer,
)
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from desktop.assistant.assistant import EngineChoice
from desktop.window.start import Window, prepare
from desktop.window.theme import quiet_known_noise
from runtime.bundle.bundle import EMBEDDED, STARTER

FOLDER = Path("docs/screenshots")
LANGUAGES = {"en": "en", "zh_CN": "zh"}
THEMES = ("light", "dark")
WIDTH, HEIGHT = 1120, 860
LIMIT_S = 900
"""Seconds for one step, on a machine that is busy with something else."""
SLOW_STEPS = 100
"""Diffusion steps: enough to photograph a rendering while it is under way."""
HALF = 55
"""The step at which there is something to see."""
PROMPTS = (
    "Draw a red boat on the sea at night",
    "Play the sound of a dog in the rain",
    "Show a clip of a yellow car moving left",
    "Show me a big green frog on the grass and let me hear it",
)
FOLLOW_UPS = {
    "en": ("make it move", "frog", "Why do boats float?"),
    "zh_CN": ("让它动起来", "青蛙", "船为什么能浮在水上？"),
}
"""A second question, what is searched for, and a question to another model."""
GIVEN = {
    "en": ("What is in this photo?", "Draw a cat wearing a hat", "What does this say, in short?"),
    "zh_CN": ("这张照片里有什么？", "画一只戴帽子的猫", "这份文件大致说了什么？"),
}
"""The questions to the starter: about the photograph, after it, and about the document."""
SHOPPING = {"en": "shopping.md", "zh_CN": "购物.md"}
LISTS = {"en": "# Shopping\n- bread\n- milk\n", "zh_CN": "# 购物\n- 面包\n- 牛奶\n"}
ERRANDS = {
    "en": (
        "What is 17.5 % of 240? Use the calculator.",
        "Write the file shopping.md with these lines: bread, oat milk, apples.",
    ),
    "zh_CN": (
        "请用计算工具算 240 的 17.5 % 是多少。",
        "请写文件 购物.md，内容：面包、燕麦奶、苹果。",
    ),
}
"""What the starter is to use tools for: one that asks nobody, and one that asks."""
FACTS = {
    "en": ("I am a vegetarian.", "My daughter is called Lin, and she is seven."),
    "zh_CN": ("我吃素。", "我女儿叫小林，今年七岁。"),
}


class Studio:
    """One window in one language."""

    def __init__(self, language: str, library: Path, folder: Path, bundle: str = EMBEDDED) -> None:
        self._language, self._folder = language, folder
        self.window = Window(library=library, choice=EngineChoice(bundle))
        self.medley = self.window.medley
        self.until(lambda: self.medley.property("libraryState") == "ready")
        self._set(language=language, reducedMotion=True)
        self.window.window.resize(WIDTH, HEIGHT)
        self.until(lambda: self._engine in ("ready", "down"))

    @property
    def _engine(self) -> str:
        return str(self.medley.engine_view.property("state"))

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so.

        Raises:
            TimeoutError: it did not become so.
        """
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > LIMIT_S:
                raise TimeoutError(f"waited {LIMIT_S} s for a state of the window in vain")
            wait(30)

    def rest(self) -> None:
        """Let what was begun end and be painted."""
        wait(300)
        self.until(lambda: self.window.session.jobs.idle)
        wait(300)

    def photograph(self, state: str) -> None:
        """Keep how the window looks in both themes."""
        for theme in THEMES:
            self._set(theme=theme)
            self.rest()
            name = f"{state}-{theme}-{LANGUAGES[self._language]}.png"
            save(self.window.window.grabWindow(), self._folder / name)
            print(self._folder / name, flush=True)
        self._set(theme="light")

    def ask(self, words: str) -> None:
        """Ask something in the open conversation, and wait for the whole answer."""
        self.begin(words)
        self.until(lambda: not self.medley.composer_model.property("busy"))
        self.rest()

    def begin(self, words: str) -> None:
        """Ask something, and wait for nothing but that it was sent."""
        before = self.medley.transcript_model.rowCount()
        self.medley.composer_model.sendPrompt(words)
        self.until(lambda: self.medley.transcript_model.rowCount() >= before + 2)

    def ask_about(self, path: Path, words: str) -> None:
        """Attach a file and ask about it, and wait for the whole answer."""
        composer = self.medley.composer_model
        composer.attach([path])
        self.until(lambda: composer.attachments_model.parts)
        composer.setProperty("text", words)
        before = self.medley.transcript_model.rowCount()
        composer.send()
        self.until(lambda: self.medley.transcript_model.rowCount() >= before + 2)
        self.until(lambda: not composer.property("busy"))
        self.rest()

    def new(self) -> None:
        """Begin a new conversation."""
        self.medley.conversations_model.newConversation()
        self.until(lambda: not self.medley.transcript_model.rowCount())
        self.rest()

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            self.medley.settings_model.setProperty(name, value)

    @contextmanager
    def dialog(self, opening: str, name: str) -> Iterator[None]:
        """While a dialog is open; `opening` is the function of the window that opens it."""
        self._call("dialogs", opening)
        self.rest()
        yield
        self._call(name, "close")
        self.rest()

    def _call(self, name: str, method: str, *words: str) -> None:
        target = self.window.window.findChild(QObject, name)
        if target is None:
            raise LookupError(f"screenshots: the window has no {name}")
        QMetaObject.invokeMethod(target, method, *(Q_ARG("QString", word) for word in words))

    # The states.

    def first_start(self) -> None:
        """The first thing that a user sees."""
        self.photograph("first-start")

    def conversation(self) -> None:
        """An answer with a picture and a sound, and one with a clip, after some others."""
        for words in PROMPTS[:3]:
            self.ask(said(words))
            self.new()
        self.ask(said(PROMPTS[3]))
        self.medley.conversations_model.setPinned(self._first_conversation(), True)
        self.photograph("conversation")
        self.ask(FOLLOW_UPS[self._language][0])
        self.photograph("conversation-clip")

    def search(self) -> None:
        """Hits in words and in media."""
        model = self.medley.conversations_model
        model.setProperty("query", FOLLOW_UPS[self._language][1])
        wait(600)
        self.until(lambda: not model.property("searching") and model.rowCount())
        self.photograph("search")
        model.setProperty("query", "")
        self.rest()

    def empty(self) -> None:
        """A new conversation."""
        self.new()
        self.photograph("empty")

    def answering(self) -> None:
        """A picture that is being painted."""
        self._set(stepsImage=SLOW_STEPS)
        self.begin(said(PROMPTS[0]))
        self.until(lambda: self._step() >= HALF)
        self.photograph("answering")
        self.medley.transcript_model.stop()
        self.until(lambda: not self.medley.composer_model.property("busy"))

    def down(self) -> None:
        """The worker was killed in the middle of an answer."""
        self.new()
        self.begin(said(PROMPTS[0]))
        self.until(lambda: self._step())
        for child in psutil.Process().children(recursive=True):
            child.kill()
        self.until(lambda: not self.medley.composer_model.property("busy"))
        self.photograph("down")

    def settings(self) -> None:
        """The settings."""
        with self.dialog("openSettings", "settingsDialog"):
            self.photograph("settings")

    def switcher(self) -> None:
        """The switcher over what was asked so far, with a few letters."""
        window = self.window.window
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        wait(600)
        field = window.activeFocusItem()
        field.setProperty("text", FOLLOW_UPS[self._language][1])
        self.medley.switcher_model.setProperty("query", FOLLOW_UPS[self._language][1])
        wait(600)
        self.photograph("switcher")
        QTest.keyClick(window, Qt.Key.Key_Escape)
        self.rest()

    def presets(self) -> None:
        """The presets that come with Medley."""
        with self.dialog("openPresets", "presetsSheet"):
            self.photograph("presets")

    def gallery(self) -> None:
        """Everything that was made so far."""
        with self.dialog("openGallery", "gallerySheet"):
            self.photograph("gallery")

    def bundles(self) -> None:
        """The bundles, Pocket verified."""
        with self.dialog("openBundles", "bundleChooser"):
            model = self.medley.bundles_model
            self.until(lambda: model.rowCount())
            model.verify(model.rows[0].name)
            self.until(lambda: model.value(0, "verifyState") in ("ok", "failed"))
            self.photograph("bundles")

    def models(self) -> None:
        """Two models in one conversation: the choice, the second one being opened, and how its
        answer came about. Where there is no second one only the choice."""
        self.new()
        self.ask(said(PROMPTS[0]))
        window = self.window.window
        QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        self.photograph("models")
        QTest.keyClick(window, Qt.Key.Key_Escape)
        picker = self.medley.picker_model
        if all(row.name != STARTER for row in picker.rows):
            return
        picker.choose(STARTER)
        self.until(lambda: self._engine in ("starting", "loading"))
        save(window.grabWindow(), self._folder / f"switching-light-{LANGUAGES[self._language]}.png")
        self.ask(FOLLOW_UPS[self._language][2])
        self.medley.transcript_model.answerDetails(self._last_message())
        self.photograph("answer-details")
        self._call("detailsSheet", "close")
        self.rest()

    def _last_message(self) -> str:
        rows = self.medley.transcript_model.rows
        return "" if rows[-1].message is None else str(rows[-1].message.id)

    def starter(self, photograph: Path, document: Path) -> None:
        """The starter's answers about a photograph and a document, and its drawing."""
        about_photo, wish, about_document = GIVEN[self._language]
        self.ask_about(document, about_document)
        self.photograph("starter-document")
        self.new()
        self.ask_about(photograph, about_photo)
        self.photograph("starter-photo")
        self.new()
        self.ask(wish)
        self.photograph("starter-clipart")

    def own_models(self, model: Path) -> None:
        """A model that is dropped, added and tested; the form for a bundle, and the list."""
        self.medley.dismissFirstStart()
        sheet = self.medley.own_models
        self.medley.composer_model.attach([model])
        self.until(lambda: sheet.adding_view.property("state") == "found")
        self._still("own-model")
        sheet.adding_view.add()
        self.until(lambda: sheet.adding_view.property("state") == "added")
        self.until(lambda: sheet.testing_model.property("state") in ("done", "failed"))
        self._still("own-model-tested")
        for page in ("make", "list"):
            self._call("modelsSheet", "showPage", page)
            self._still(f"own-models-{page}")
        sheet.listing_model.remove(sheet.adding_view.property("outcome")["name"])
        self.rest()

    def tools(self, folder: Path) -> None:
        """A call that asks nobody, a question, the cards afterwards, the sheet and the memory."""
        self.medley.dismissFirstStart()
        language = self._language
        (folder / SHOPPING[language]).write_text(LISTS[language], "utf-8")
        view, library = self.medley.tools_view, self.window.session.now
        assert library is not None
        library.library.tools.grant(str(folder), True)
        for fact in FACTS[language]:
            library.library.memories.add(fact)
        self._set(tools=True)
        simple, errand = ERRANDS[language]
        self.ask(simple)
        self.begin(errand)
        waiting = view.calls_view
        self.until(lambda: waiting.conversations or not self.medley.composer_model.property("busy"))
        self.photograph("consent")
        for question in library.agent.pending():
            self._answer(question.message_id, question.call_id)
        self.until(lambda: not self.medley.composer_model.property("busy"))
        self.photograph("tool-cards")
        self._call("dialogs", "openTools", "tools")
        self.until(lambda: view.catalogue_model.rowCount())
        self.photograph("tools")
        for page in ("memory", "history"):
            self._call("toolsSheet", "showPage", page)
            self.photograph(f"tools-{page}")
        self._call("toolsSheet", "close")
        self.rest()

    def _answer(self, message_id: int, call_id: str) -> None:
        self.medley.tools_view.calls_view.answer(str(message_id), call_id, "once")

    def _still(self, state: str) -> None:
        """Keep how the window looks in the light theme."""
        self.rest()
        path = self._folder / f"{state}-light-{LANGUAGES[self._language]}.png"
        save(self.window.window.grabWindow(), path)
        print(path, flush=True)

    def _step(self) -> int:
        """The progress of the rendering that can be seen."""
        rows = self.medley.transcript_model.rows
        return max((block.step for block in rows[-1].blocks()), default=0) if rows else 0

    def _first_conversation(self) -> str:
        rows = self.medley.conversations_model.rows
        return str(rows[-1].conversationId)


def save(picture: QImage, path: Path) -> None:
    """Keep a picture with six bits a colour, which nobody sees and which takes far fewer bytes."""
    rgba = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    whole = Image.frombytes("RGBA", (rgba.width(), rgba.height()), bytes(rgba.constBits()))
    kept = whole.convert("RGB").point(lambda value: value & 0xFC | value >> 6)
    kept.save(path, optimize=True)


def said(words: str) -> str:
    """A prompt of the first page in the language of the window."""
    return QCoreApplication.translate("PromptGrid", words)


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def main(arguments: list[str]) -> int:
    """Take every picture; the exit code."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    quiet_known_noise()
    app = QGuiApplication([])
    prepare(app)
    with_tools = arguments[1:] == ["tools"]
    given = [] if with_tools else [Path(argument) for argument in arguments[1:3]]
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory(prefix="medley-screenshots-") as place:
            if len(given) == 1:
                os.environ["XDG_DATA_HOME"] = place
            bundle = STARTER if with_tools or len(given) > 1 else EMBEDDED
            studio = Studio(language, Path(place) / "library.db", folder, bundle)
            try:
                if with_tools:
                    errands = Path(place) / "Documents"
                    errands.mkdir()
                    studio.tools(errands)
                elif len(given) == 1:
                    studio.own_models(given[0])
                elif given:
                    studio.starter(*given)
                else:
                    pocket(studio)
            finally:
                studio.window.close()
    return 0


def pocket(studio: Studio) -> None:
    """Every state of a window in which Pocket answers."""
    for state in (
        studio.first_start, studio.conversation, studio.search, studio.switcher, studio.presets,
        studio.gallery, studio.empty, studio.settings, studio.bundles, studio.answering,
        studio.down, studio.models,
    ):  # fmt: skip
        state()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
