"""The colours of code: asked of a helper process while the code is shown without, kept for a while.

Code that grows keeps the colours of what was there, and gets those of what is new now and then.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.assistant.helper_process import HelperProcess
from desktop.window.session import Session
from desktop.window.transcript.blocks import Block
from desktop.window.transcript.code import MAX_HIGHLIGHTED, code_pieces
from desktop.window.transcript.colouring import LIMIT_S, START_S, Code, colouring_command
from plugins.errors import KnownError, phrase

KEPT = 300
"""Pieces of code whose colours are known."""
SHARE = 10
"""How many times as long as colouring some code took nothing is coloured then."""


class Colours(QObject):
    """Colours for the code blocks of messages."""

    came = Signal()
    """Colours of some code are known now."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._helper = HelperProcess(colouring_command(), phrase("colours code"), LIMIT_S + START_S)
        self._known: OrderedDict[Code, Sequence[str]] = OrderedDict()
        """The lines in HTML; none where there are no colours to be had."""
        self._latest: dict[str, Code] = {}
        """By block, the code whose colours were known last."""
        self._wanted: dict[str, Code] = {}
        self._at_work = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)

    def dressed(self, blocks: Iterable[Block], dark: bool) -> list[Block]:
        """The blocks, with their colours as far as those are known; `came` follows when they are
        known for more."""
        return list(self._dressed(blocks, dark))

    def close(self) -> None:
        """Colour nothing any more."""
        self._wanted.clear()
        self._helper.close()

    def _dressed(self, blocks: Iterable[Block], dark: bool) -> Iterator[Block]:
        html: Iterator[str] = iter(())
        for block in blocks:
            if block.kind == "code" and not block.continued:
                lines = self._lines(block.key, Code(block.plain, block.language, dark))
                html = (piece.html for piece in code_pieces(block.plain, lines))
            yield replace(block, text=next(html, block.text)) if block.kind == "code" else block

    def _lines(self, name: str, code: Code) -> Sequence[str]:
        if not code.language or len(code.words) > MAX_HIGHLIGHTED:
            return ()
        if code in self._known:
            self._known.move_to_end(code)
            self._latest[name] = code
            return self._known[code]
        self._wanted[name] = code
        self._go_on()
        return self._before(name, code)

    def _before(self, name: str, code: Code) -> Sequence[str]:
        """The colours of the code that this one goes on from, and none for the rest."""
        older = self._latest.get(name)
        if older is None or msgspec.structs.replace(older, words=code.words) != code:
            return ()
        known = self._known.get(older, ())[:-1]
        if not known or not code.words.startswith(older.words):
            return ()
        return [*known, *map(escape, code.words.split("\n")[len(known) :])]

    def _go_on(self) -> None:
        if self._at_work or self._rest.isActive() or not self._wanted:
            return
        name, code = self._wanted.popitem()
        grows = name in self._latest
        self._at_work, begun = True, time.monotonic()

        def done(lines: Sequence[str]) -> None:
            self._at_work = False
            self._keep(name, code, lines)
            if grows:
                self._rest.start(round(1000 * SHARE * (time.monotonic() - begun)))
            self.came.emit()
            self._go_on()

        def failed(_: Exception) -> None:
            done(())

        self._session.jobs.run("colours", lambda: self._ask(code), done, failed)

    def _ask(self, code: Code) -> Sequence[str]:
        try:
            answer = self._helper.ask(msgspec.msgpack.encode(code))
        except KnownError:
            return ()  # It is readable without.
        return () if answer is None else msgspec.msgpack.decode(answer, type=list[str])

    def _keep(self, name: str, code: Code, lines: Sequence[str]) -> None:
        self._known[code] = lines
        self._latest[name] = code
        while len(self._known) > KEPT:
            gone, _ = self._known.popitem(last=False)
            self._latest = {name: code for name, code in self._latest.items() if code != gone}
