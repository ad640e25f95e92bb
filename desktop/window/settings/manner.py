"""How the open conversation is answered: its own bundle, system text, temperature, length
and thinking.

A conversation that does not exist yet keeps them here until its first message is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.session import OpenLibrary, Session
from storage.errors import LibraryError
from storage.manner import LONGEST_ANSWER, LONGEST_SYSTEM, WARMEST, check_manner
from storage.records import Changed, Manner

OWN = Manner()
"""As the bundle has it."""


@dataclass(frozen=True)
class Usual:
    """What a bundle does by itself."""

    system: str = ""
    takes_system: bool = True
    """Whether it can be told something else."""
    temperature: float = 0.0
    top_p: float = 1.0
    max_new_tokens: int = 0
    n_ctx: int = 0
    """Positions of its context."""
    may_think: bool = False
    """Whether it can be made to think before an answer."""


class MannerView(QObject):
    """What the dialog of a conversation's settings shows."""

    changed = Signal()
    usualChanged = Signal()  # noqa: N815  (Qt names signals so)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.conversation: int | None = None
        self.now = OWN
        """Of the open conversation."""
        self._usual = Usual()
        session.changed.connect(self._on_change)
        session.opened.connect(self._on_opened)

    def open(self, conversation: int | None) -> None:
        """Another conversation is shown."""
        if conversation != self.conversation:
            self.conversation = conversation
            self._set(self._fresh() if conversation is None else OWN)
            self._read()

    def adopt(self, conversation: int) -> None:
        """The conversation that did not exist yet does now; it was begun in this manner."""
        self.conversation = conversation

    def choose_bundle(self, bundle: str | None) -> None:
        """Have the conversation answered by a bundle from now on; None is the default one."""
        self._keep(msgspec.structs.replace(self.now, bundle=bundle))

    @Slot()
    def look(self) -> None:
        """Find out what the bundle that answers does by itself."""
        bundle = self.now.bundle or self._session.default_bundle
        self._session.ask(lambda _: usual(bundle), self._take_usual, queue="models")

    @Slot(str, float, float, int, bool)
    def save(
        self, system: str, temperature: float, top_p: float, max_new_tokens: int, think: bool
    ) -> None:
        """Have the conversation answered so from now on; an empty text, numbers below 0, a length
        of 0 and no thinking are the bundle's own."""
        self._keep(
            Manner(
                system.strip() or None,
                None if temperature < 0 else temperature,
                None if top_p < 0 else top_p,
                max_new_tokens or None,
                self.now.bundle,
                think or None,
                self.now.tools,
            )
        )

    def _keep(self, manner: Manner) -> None:
        try:
            check_manner(manner)
        except LibraryError as error:
            self._session.announce(error)
            return
        conversation = self.conversation
        self._set(manner)
        if conversation is None:
            return

        def work(now: OpenLibrary) -> None:
            now.library.conversations.set_settings(conversation, manner)

        self._session.ask(work)

    def _fresh(self) -> Manner:
        """How a new conversation begins."""
        return Manner(bundle=self._session.preferences.last_bundle or None)

    def _on_opened(self) -> None:
        if self.conversation is None:
            self._set(self._fresh())

    def _read(self) -> None:
        conversation = self.conversation
        if conversation is None:
            return

        def show(manner: Manner) -> None:
            if conversation == self.conversation:
                self._set(manner)

        self._session.ask(lambda now: now.library.conversations.settings(conversation), show)

    def _on_change(self, change: Changed) -> None:
        if self.conversation in change.conversations and "conversations" in change.kinds:
            self._read()

    def _take_usual(self, found: Usual) -> None:
        self._usual = found
        self.usualChanged.emit()

    def _set(self, manner: Manner) -> None:
        if manner != self.now:
            self.now = manner
            self.changed.emit()

    def _is_custom(self) -> bool:
        return msgspec.structs.replace(self.now, bundle=None) != OWN

    system = Property(str, lambda self: self.now.system or "", notify=changed)
    temperature = Property(
        float,
        lambda self: -1.0 if self.now.temperature is None else self.now.temperature,
        notify=changed,
    )
    topP = Property(  # noqa: N815  (QML names properties so)
        float, lambda self: -1.0 if self.now.top_p is None else self.now.top_p, notify=changed
    )
    maxNewTokens = Property(  # noqa: N815
        int, lambda self: self.now.max_new_tokens or 0, notify=changed
    )
    think = Property(bool, lambda self: bool(self.now.think), notify=changed)
    mayThink = Property(  # noqa: N815
        bool, lambda self: self._usual.may_think, notify=usualChanged
    )
    custom = Property(bool, _is_custom, notify=changed)
    usual = Property(str, lambda self: self._usual.system, notify=usualChanged)
    takesSystem = Property(  # noqa: N815
        bool, lambda self: self._usual.takes_system, notify=usualChanged
    )
    usualTemperature = Property(  # noqa: N815
        float, lambda self: self._usual.temperature, notify=usualChanged
    )
    usualTopP = Property(float, lambda self: self._usual.top_p, notify=usualChanged)  # noqa: N815
    usualLength = Property(  # noqa: N815
        int, lambda self: self._usual.max_new_tokens, notify=usualChanged
    )
    context = Property(int, lambda self: self._usual.n_ctx, notify=usualChanged)
    longest = Property(int, lambda self: LONGEST_SYSTEM, constant=True)
    warmest = Property(float, lambda self: WARMEST, constant=True)
    longestAnswer = Property(int, lambda self: LONGEST_ANSWER, constant=True)  # noqa: N815


def usual(bundle: str) -> Usual:
    """What a bundle does by itself.

    Raises:
        KnownError: there is no such bundle, or it is broken.
    """
    from runtime.bundle.bundle import find_bundle, read_manifest

    manifest = read_manifest(find_bundle(bundle))
    template, model = manifest.template, manifest.language_model
    return Usual(
        template.system.strip(),
        bool(template.system_open),
        model.temperature,
        model.top_p,
        model.max_new_tokens,
        model.n_ctx,
        template.thinking_answer_open is not None,
    )
