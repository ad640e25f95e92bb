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
VOICE = "voice/{}"
"""Where the library keeps the voice of a conversation that has one of its own."""


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
        self.voice = ""
        """That reads its answers aloud; empty for the one in the settings."""
        self._usual = Usual()
        session.changed.connect(self._on_change)
        session.opened.connect(self._on_opened)

    def open(self, conversation: int | None) -> None:
        """Another conversation is shown."""
        if conversation != self.conversation:
            self.conversation = conversation
            self._set(self._fresh() if conversation is None else OWN, "")
            self._read()

    def adopt(self, conversation: int) -> None:
        """The conversation that did not exist yet does now; it was begun in this manner."""
        self.conversation = conversation
        if self.voice:
            self._keep_voice()

    def use(self, manner: Manner, voice: str) -> None:
        """Have the conversation answered so from now on; without a bundle it keeps its own."""
        self._keep(msgspec.structs.replace(manner, bundle=manner.bundle or self.now.bundle), voice)

    def choose_bundle(self, bundle: str | None) -> None:
        """Have the conversation answered by a bundle from now on; None is the default one."""
        self._keep(msgspec.structs.replace(self.now, bundle=bundle))

    @Slot()
    def look(self) -> None:
        """Find out what the bundle that answers does by itself."""
        bundle = self.now.bundle or self._session.default_bundle
        if self._session.remote:
            self._take_usual(Usual())  # Only the other computer knows.
            return
        self._session.ask(lambda _: usual(bundle), self._take_usual, queue="models")

    @Slot(str, float, float, int, bool)
    def save(
        self, system: str, temperature: float, top_p: float, max_new_tokens: int, think: bool
    ) -> None:
        """Have the conversation answered so from now on; an empty text, numbers below 0, a length
        of 0 and no thinking are the bundle's own."""
        self._keep(
            msgspec.structs.replace(
                self.now,
                system=system.strip() or None,
                temperature=None if temperature < 0 else temperature,
                top_p=None if top_p < 0 else top_p,
                max_new_tokens=max_new_tokens or None,
                think=think or None,
            )
        )

    def keep_tools(self, tools: bool | None) -> None:
        """Say whether the model may ask for tools from now on; None is as in the settings."""
        self._keep(msgspec.structs.replace(self.now, tools=tools))

    def _keep(self, manner: Manner, voice: str | None = None) -> None:
        try:
            check_manner(manner)
        except LibraryError as error:
            self._session.announce(error)
            return
        conversation = self.conversation
        had_voice = self.voice
        self._set(manner, had_voice if voice is None else voice)
        if conversation is None:
            return

        def work(now: OpenLibrary) -> None:
            now.library.conversations.set_settings(conversation, manner)

        self._session.ask(work)
        if self.voice != had_voice:
            self._keep_voice()

    def _keep_voice(self) -> None:
        key, voice = VOICE.format(self.conversation), self.voice

        def work(now: OpenLibrary) -> None:
            if voice:
                now.library.settings.put(key, voice)
            else:
                now.library.settings.forget(key)

        self._session.ask(work)

    def _fresh(self) -> Manner:
        """How a new conversation begins."""
        return Manner(bundle=self._session.preferences.last_bundle or None)

    def _on_opened(self) -> None:
        if self.conversation is None:
            self._set(self._fresh(), self.voice)

    def _read(self) -> None:
        conversation = self.conversation
        if conversation is None:
            return

        def read(now: OpenLibrary) -> tuple[Manner, str]:
            voice = now.library.settings.get(VOICE.format(conversation), "", str)
            return now.library.conversations.settings(conversation), voice

        def show(found: tuple[Manner, str]) -> None:
            if conversation == self.conversation:
                self._set(*found)

        self._session.ask(read, show)

    def _on_change(self, change: Changed) -> None:
        if self.conversation in change.conversations and "conversations" in change.kinds:
            self._read()

    def _take_usual(self, found: Usual) -> None:
        self._usual = found
        self.usualChanged.emit()

    def _set(self, manner: Manner, voice: str) -> None:
        if (manner, voice) != (self.now, self.voice):
            self.now, self.voice = manner, voice
            self.changed.emit()

    def _is_custom(self) -> bool:
        return msgspec.structs.replace(self.now, bundle=None, tools=None) != OWN

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
