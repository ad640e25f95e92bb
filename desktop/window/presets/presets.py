"""The presets as QML sees them: those of the person, and those that come with Medley.

A preset that comes with Medley becomes the person's own when it is changed, and stays away once it
was removed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, QUrl, Signal, SignalInstance, Slot

from desktop.file_names import slug
from desktop.window.listmodel import RowsModel
from desktop.window.paths import local_path
from desktop.window.presets import files
from desktop.window.presets.examples import examples
from desktop.window.session import OpenLibrary, Session
from desktop.window.settings.manner import MannerView
from storage.presets import LONGEST_NAME
from storage.records import Changed, Manner, Preset

KEY = "presets_removed"
"""Where the library keeps which of Medley's own presets were removed or changed."""


@dataclass(frozen=True)
class PresetRow:
    """One preset; its fields are roles."""

    presetId: str  # noqa: N815  (roles are named as QML names things)
    """A number, or the key of one that comes with Medley."""
    name: str
    system: str
    bundle: str
    voice: str
    tools: int
    """1 for on, 0 for off, -1 for as in the settings."""
    temperature: float
    """Below 0 for the bundle's own, as `topP`."""
    topP: float  # noqa: N815
    maxNewTokens: int  # noqa: N815
    """0 for the bundle's own."""
    think: bool
    shipped: bool


@dataclass(frozen=True)
class _Removed:
    """A preset that can come back."""

    preset: Preset
    key: str
    """Of one that comes with Medley; empty for a person's own."""


class _Form(msgspec.Struct, frozen=True):
    """What QML says of a preset that is kept."""

    name: str
    system: str = ""
    bundle: str = ""
    voice: str = ""
    tools: int = -1
    temperature: float = -1.0
    topP: float = -1.0  # noqa: N815  (QML names values so)
    maxNewTokens: int = 0  # noqa: N815
    think: bool = False
    """Whether it thinks before its answers; else as the bundle has it."""

    @property
    def preset(self) -> Preset:
        """As the library keeps it."""
        manner = Manner(
            self.system.strip() or None,
            None if self.temperature < 0 else self.temperature,
            None if self.topP < 0 else self.topP,
            self.maxNewTokens or None,
            self.bundle or None,
            self.think or None,
            None if self.tools < 0 else bool(self.tools),
        )
        return files.made(manner, self.name, self.voice)


class Presets(RowsModel[PresetRow]):
    """All presets, the person's own first."""

    kept = Signal(str, arguments=["name"])
    """One was made or changed."""
    used = Signal(str, arguments=["name"])
    """The open conversation is answered by one from now on."""
    removed = Signal(str, str, arguments=["key", "name"])
    """One was removed, which `undoRemove` brings back by its key."""
    exported = Signal(str, arguments=["path"])
    imported = Signal(str, arguments=["name"])
    readyChanged = Signal()  # noqa: N815  (Qt names signals so)

    roles = tuple(PresetRow.__dataclass_fields__)

    def __init__(
        self,
        session: Session,
        manner: MannerView,
        begin: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """`begin` shows a new conversation."""
        super().__init__(parent)
        self._session, self._manner, self._begin = session, manner, begin
        self._language = "en"
        self._own: list[Preset] = []
        self._away: frozenset[str] = frozenset()
        self._gone: dict[str, _Removed] = {}
        session.opened.connect(self._read)
        session.changed.connect(self._on_change)

    def speak(self, language: str) -> None:
        """Medley's own presets are in this language from now on."""
        self._language = language
        self._list()

    def preset(self, id_: str) -> Preset | None:
        """One of them."""
        if id_ in (shipped := examples(self._language)):
            return shipped[id_]
        return next((one for one in self._own if str(one.id) == id_), None)

    # What QML calls.

    @Slot(str, bool)
    def use(self, id: str, fresh: bool) -> None:
        """Have a new conversation, or the open one, answered by a preset."""
        preset = self.preset(id)
        if preset is None:
            return
        if fresh:
            self._begin()
        self._manner.use(preset.manner, preset.voice)
        if preset.manner.bundle:
            self._session.start_engine(preset.manner.bundle)
        self.used.emit(preset.name)

    @Slot(str, result="QVariantMap")
    def form(self, id: str) -> dict[str, Any]:
        """A preset as the window edits it, named as the roles are; empty ones for a new preset."""
        preset = self.preset(id) or Preset(name="")
        return asdict(_row(id, preset, False))

    @Slot(result="QVariantMap")
    def openForm(self) -> dict[str, Any]:  # noqa: N802  (QML names slots so)
        """How the open conversation is answered, in the same way."""
        return asdict(_row("", files.made(self._manner.now, "", self._manner.voice), False))

    @Slot(str, "QVariantMap")
    def keep(self, id: str, form: dict[str, Any]) -> None:
        """Change a preset, or make one where the id is empty. `form` is named as the roles are."""
        preset = msgspec.convert(form, _Form, strict=False).preset
        if not id.isdecimal():
            self._add(preset, instead_of=id)
            return
        changed = msgspec.structs.replace(preset, id=int(id))
        self._session.ask(
            lambda now: now.library.presets.change(changed), lambda _: self.kept.emit(preset.name)
        )

    @Slot(str)
    def duplicate(self, id: str) -> None:
        """Make another preset like one."""
        preset = self.preset(id)
        if preset is not None:
            self._add(msgspec.structs.replace(preset, name=self._free_name(preset.name)))

    @Slot(str)
    def remove(self, id: str) -> None:
        """Remove a preset; `undoRemove` brings it back."""
        preset = self.preset(id)
        if preset is None:
            return
        shipped = id in examples(self._language)
        self._gone[id] = _Removed(preset, id if shipped else "")

        def work(now: OpenLibrary) -> None:
            if shipped:
                _put_away(now, self._away | {id})
            else:
                now.library.presets.remove(preset.id)

        self._session.ask(work, lambda _: self.removed.emit(id, preset.name))

    @Slot(str)
    def undoRemove(self, key: str) -> None:  # noqa: N802
        """Bring a removed preset back."""
        gone = self._gone.pop(key, None)
        if gone is None:
            return
        if gone.key:
            self._session.ask(lambda now: _put_away(now, self._away - {gone.key}))
        else:
            self._session.ask(lambda now: now.library.presets.add(gone.preset))

    @Slot()
    def bringBack(self) -> None:  # noqa: N802
        """Show all of Medley's own presets again."""
        self._session.ask(lambda now: _put_away(now, frozenset()))

    @Slot(str, result=str)
    def suggestedName(self, id: str) -> str:  # noqa: N802
        """A file name for a preset."""
        preset = self.preset(id)
        return f"{slug('preset' if preset is None else preset.name)}.toml"

    @Slot(str, QUrl)
    def exportTo(self, id: str, url: QUrl) -> None:  # noqa: N802
        """Write a preset into a file."""
        preset, path = self.preset(id), local_path(url)
        if preset is not None:
            self._session.ask(
                lambda _: files.write(preset, path),
                lambda _: self.exported.emit(str(path)),
                queue="files",
            )

    @Slot(QUrl)
    def importFrom(self, url: QUrl) -> None:  # noqa: N802
        """Read a preset from a file."""
        path = local_path(url)

        def done(preset: Preset) -> None:
            named = msgspec.structs.replace(preset, name=self._free_name(preset.name))
            self._add(named, told=self.imported)

        self._session.ask(lambda _: files.read(path), done, queue="files")

    # What happens.

    def _add(
        self, preset: Preset, instead_of: str = "", told: SignalInstance | None = None
    ) -> None:
        """Keep a new preset, in place of one that comes with Medley where that is named."""

        def work(now: OpenLibrary) -> None:
            now.library.presets.add(preset)
            if instead_of:
                _put_away(now, self._away | {instead_of})

        tell: SignalInstance = told or self.kept
        self._session.ask(work, lambda _: tell.emit(preset.name))

    def _free_name(self, name: str) -> str:
        """The name, or with a number where there is one of that name."""
        taken = {one.name.casefold() for one in self._own}
        number, free = 2, name
        while free.casefold() in taken:
            free = f"{name[: LONGEST_NAME - 5]} {number}"
            number += 1
        return free

    def _on_change(self, change: Changed) -> None:
        if change.kinds & {"presets", "settings"}:
            self._read()

    def _read(self) -> None:
        def read(now: OpenLibrary) -> tuple[list[Preset], frozenset[str]]:
            away = now.library.settings.get(KEY, [], list[str])
            return now.library.presets.all(), frozenset(away)

        self._session.ask(read, self._take)

    def _take(self, found: tuple[list[Preset], frozenset[str]]) -> None:
        if found != (self._own, self._away):
            self._own, self._away = found
            self._list()

    def _list(self) -> None:
        own = [_row(str(one.id), one, False) for one in self._own]
        shipped = [
            _row(key, one, True)
            for key, one in examples(self._language).items()
            if key not in self._away
        ]
        self.update([*own, *shipped], key=lambda row: row.presetId)
        self.readyChanged.emit()

    someAway = Property(bool, lambda self: bool(self._away), notify=readyChanged)  # noqa: N815
    """Whether some of Medley's own presets are not shown."""
    longestName = Property(int, lambda self: LONGEST_NAME, constant=True)  # noqa: N815


def _put_away(now: OpenLibrary, keys: frozenset[str]) -> None:
    now.library.settings.put(KEY, sorted(keys))


def _row(id_: str, preset: Preset, shipped: bool) -> PresetRow:
    manner = preset.manner
    return PresetRow(
        id_,
        preset.name,
        manner.system or "",
        manner.bundle or "",
        preset.voice,
        -1 if manner.tools is None else int(manner.tools),
        -1.0 if manner.temperature is None else manner.temperature,
        -1.0 if manner.top_p is None else manner.top_p,
        manner.max_new_tokens or 0,
        bool(manner.think),
        shipped,
    )
