"""The choice of the model that answers the open conversation: all there are, one chosen.

The choice is kept with the conversation (`MannerView`). A new conversation begins with what was
chosen last, and without a choice the one in the settings answers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.assistant.engines import is_here
from desktop.window.listmodel import RowsModel
from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.settings.bundle_facts import (
    BundleFacts,
    memory_bytes,
    offered_bundles,
    read_bundles,
)
from desktop.window.settings.manner import MannerView
from runtime.bundle.bundle import AUTOMATIC, EMBEDDED, STARTER, chosen_name
from runtime.worker.client import EngineState

_TITLES = {STARTER: "Starter", EMBEDDED: "Pocket"}
"""Of bundles whose manifests nobody has read yet."""


@dataclass(frozen=True)
class ModelRow:
    """One model that can be chosen; its fields are roles."""

    name: str
    title: str
    modalities: tuple[str, ...]
    bytes: float
    context: int
    problem: str
    chosen: bool
    memoryBytes: float = 0.0  # noqa: N815  (roles are named as QML names things)
    """0 until `weigh` has found it out."""


class Picker(RowsModel[ModelRow]):
    """The models that match what is searched for."""

    choiceChanged = Signal()  # noqa: N815  (Qt names signals so)
    queryChanged = Signal()  # noqa: N815
    roles = tuple(ModelRow.__dataclass_fields__)

    def __init__(self, session: Session, manner: MannerView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._manner = session, manner
        self._facts: dict[str, BundleFacts] = {}
        """All bundles by name, once somebody has looked."""
        self._best = chosen_name(AUTOMATIC)
        """Name of the bundle that answers where nobody chose one."""
        self._known = False
        self._looked: set[str] = set()
        """Folders that were looked into because they were chosen."""
        self._query = ""
        self._memory: dict[str, float] = {}
        self._answered = ""
        """The bundle of the newest answer of the open conversation, as its manifest calls it."""
        self._engine = EngineState()
        self._place = ""
        """Name of the other computer whose bundles these are; empty is this one."""
        manner.changed.connect(self._on_choice)
        session.opened.connect(self.refresh)
        session.preferencesChanged.connect(self._on_choice)
        session.engineChanged.connect(self._on_engine)

    def value(self, row: int, role: str) -> object:
        """Lists for QML in place of tuples."""
        found = getattr(self.rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    def answered_by(self, bundle: str) -> None:
        """Tell which bundle made the newest answer of the open conversation."""
        if bundle != self._answered:
            self._answered = bundle
            self.choiceChanged.emit()

    @property
    def choice(self) -> str:
        """Name or folder of the bundle that is to answer; empty is the default one."""
        return self._manner.now.bundle or ""

    @property
    def facts(self) -> BundleFacts | None:
        """About the bundle that is to answer; None where it is not here, or nobody looked yet."""
        return self._facts.get(self._chosen())

    def usable(self) -> list[ModelRow]:
        """Every model that can answer, whatever is searched for."""
        return [row for row in self._all() if not row.problem]

    # What QML calls.

    @Slot(result="QVariantList")
    def choices(self) -> list[dict[str, str]]:
        """Every model that can answer: `value` is what it is chosen by, `text` its title."""
        return [{"value": row.name, "text": row.title} for row in self.usable()]

    @Slot(str, result=str)
    def titleOf(self, name: str) -> str:  # noqa: N802  (QML names slots so)
        """What a model is called, also one that is not here."""
        return self._title_of(self._named(name))

    @Slot()
    def refresh(self) -> None:
        """Look which bundles there are."""
        named = (self.choice, self._session.default_bundle)
        self._looked |= {one for one in named if _short(one) != one}
        self._place = self._session.remote
        if self._place:
            self._take_offered()
            return
        folders, chosen = self._session.preferences.bundle_folders, frozenset(self._looked)

        def look(_: object) -> tuple[tuple[BundleFacts, ...], str]:
            there = filter(is_here, sorted(chosen))
            return read_bundles((*folders, *there)), chosen_name(AUTOMATIC)

        self._session.ask(look, self._take, queue="models")

    @Slot(str)
    def choose(self, name: str) -> None:
        """Have the open conversation answered by another bundle, from its next question on, and new
        ones too. It is opened as soon as the engine has nothing else to do."""
        # The starter is what there is to be without a choice: another answers once it is gone.
        choice = AUTOMATIC if name == STARTER else name
        self._manner.choose_bundle(choice)
        self._session.prefer(last_bundle=choice)
        self._session.start_engine(choice)

    @Slot()
    def goBack(self) -> None:  # noqa: N802  (QML names slots so)
        """Have the bundle answer that did before, or the default one."""
        name = self._former()
        if name:
            self.choose(name)

    @Slot(str)
    def weigh(self, name: str) -> None:
        """Find out how much memory a bundle's language model takes, of one that is looked at."""
        facts = self._facts.get(name)
        if facts is None or facts.problem or name in self._memory or self._place:
            return
        self._memory[name] = 0.0

        def show(found: int) -> None:
            self._memory[name] = float(found)
            at = next((at for at, row in enumerate(self.rows) if row.name == name), None)
            if at is not None:
                weighed = replace(self.rows[at], memoryBytes=float(found))
                self.replace(at, weighed, ("memoryBytes",))

        self._session.ask(lambda _: memory_bytes(facts.folder), show, queue="models")

    # What happens.

    def _take_offered(self) -> None:
        """Show what the other computer has, as far as it said so."""
        offered = self._engine.offered
        if offered is None:
            self._facts, self._known = {}, False
            self._on_choice()
        else:
            self._take((offered_bundles(offered), offered.chosen))

    def _take(self, found: tuple[tuple[BundleFacts, ...], str]) -> None:
        facts, self._best = found
        self._facts, self._known = {one.name: one for one in facts}, True
        self._on_choice()

    def _on_choice(self) -> None:
        if self._place != self._session.remote:
            self.refresh()
            return
        if self._manner.conversation is None and self.choice and self._is_missing():
            # What was chosen last is gone.
            self._session.prefer(last_bundle="")
            self._manner.choose_bundle(None)
            return
        self._list()
        self.choiceChanged.emit()
        chosen = self._chosen()
        if self._is_missing() and _short(chosen) != chosen and chosen not in self._looked:
            self.refresh()  # It may be in a folder that nobody has shown since.

    def _on_engine(self, state: EngineState) -> None:
        before, self._engine = self._engine, state
        if state.not_opened != before.not_opened:
            self.choiceChanged.emit()
        if self._place and state.offered not in (None, before.offered):
            self.refresh()
        elif state.bundle != before.bundle and state.phase == "ready" and self._known:
            self.refresh()

    def _list(self) -> None:
        """Show what matches."""
        words = self._query.casefold().split()
        matching = [row for row in self._all() if all(word in _words(row) for word in words)]
        self.update(matching, key=lambda row: row.name)

    def _all(self) -> list[ModelRow]:
        titles = Counter(facts.title for facts in self._facts.values())
        return [self._row(facts, titles[facts.title] > 1) for facts in self._facts.values()]

    def _row(self, facts: BundleFacts, has_namesake: bool) -> ModelRow:
        return ModelRow(
            facts.name,
            f"{facts.title} ({_short(facts.name)})" if has_namesake else facts.title,
            facts.modalities,
            float(facts.bytes),
            facts.n_ctx,
            facts.problem,
            facts.name == self._chosen(),
            self._memory.get(facts.name, 0.0),
        )

    # What is shown.

    def _chosen(self) -> str:
        """The name of the bundle that is to answer."""
        return self._named(self.choice or self._session.default_bundle)

    @property
    def _default(self) -> str:
        """The name of the bundle that answers where nothing else is chosen."""
        return self._named(self._session.default_bundle)

    def _named(self, bundle: str) -> str:
        return self._best if bundle == AUTOMATIC else bundle

    def _is_missing(self) -> bool:
        return self._known and self._chosen() not in self._facts

    def _title_of(self, name: str) -> str:
        facts = self._facts.get(name)
        if facts is not None:
            return facts.title
        return _TITLES.get(name) or _short(name)

    def _problem(self) -> str:
        """Why the chosen bundle cannot answer, as far as that is known."""
        failed = self._engine.not_opened
        if failed is not None and self._named(failed.bundle) == self._chosen():
            return told(failed.problem)
        facts = self.facts
        return "" if facts is None else facts.problem

    def _former(self) -> str:
        """The bundle to go back to: the one that answered last, or the default one."""
        chosen = self._chosen()
        usable = [facts for facts in self._facts.values() if not facts.problem]
        answered = [facts.name for facts in usable if facts.bundle == self._answered]
        names = [*answered, *(facts.name for facts in usable if facts.name == self._default)]
        return next((name for name in names if name != chosen), "")

    def _chosen_row(self) -> int:
        """Of those that are shown; -1 where it is none of them."""
        return next((at for at, row in enumerate(self.rows) if row.chosen), -1)

    def _search(self, query: str) -> None:
        if query != self._query:
            self._query = query
            self._list()
            self.queryChanged.emit()

    query = Property(str, lambda self: self._query, _search, notify=queryChanged)
    title = Property(str, lambda self: self._title_of(self._chosen()), notify=choiceChanged)
    missing = Property(bool, _is_missing, notify=choiceChanged)
    """Whether the conversation's bundle is not on this machine any more."""
    problem = Property(str, _problem, notify=choiceChanged)
    former = Property(
        str,
        lambda self: self._title_of(name) if (name := self._former()) else "",
        notify=choiceChanged,
    )
    """Title of the bundle to go back to; empty where there is none."""
    defaultTitle = Property(  # noqa: N815  (QML names properties so)
        str, lambda self: self._title_of(self._default), notify=choiceChanged
    )
    chosenRow = Property(int, _chosen_row, notify=choiceChanged)  # noqa: N815
    several = Property(bool, lambda self: len(self._facts) > 1, notify=choiceChanged)
    pocket = Property(bool, lambda self: self._chosen() == EMBEDDED, notify=choiceChanged)
    starter = Property(bool, lambda self: self._chosen() == STARTER, notify=choiceChanged)


def _short(name: str) -> str:
    """The last part of a folder."""
    return PurePath(name).name


def _words(row: ModelRow) -> str:
    """All that a model is found by."""
    return f"{row.title} {row.name}".casefold()
