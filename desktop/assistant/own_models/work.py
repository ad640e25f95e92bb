"""What is done with a person's own models, each with reports of how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop.assistant.own_models.describing import candidate, looked
from desktop.assistant.own_models.protocol import (
    WITHOUT,
    Add,
    Added,
    Look,
    Looked,
    Looking,
    Make,
    Progress,
    Report,
    Search,
    Test,
    Tested,
    Tried,
    Wish,
)
from plugins.errors import Cancelled
from runtime.composition import compose, making
from runtime.composition.adding import Wanted, add, beside, embedder_of, paired
from runtime.composition.making import PartNames
from runtime.local_models.found import FoundModel
from runtime.local_models.identify import identified_as, identify
from runtime.local_models.pairing import checked_pair
from runtime.local_models.programs import Program, find_programs

Tell = Callable[[Report], None]


class Work:
    """Does one thing, until it is done or stopped."""

    def __init__(self, tell: Tell, stopped: threading.Event) -> None:
        self._tell, self._stopped = tell, stopped

    def do(self, wish: Wish) -> None:
        """All of it.

        Raises:
            Cancelled: it was stopped.
            KnownError: it cannot be done.
        """
        match wish:
            case Look():
                self._tell(looked(map(Path, wish.paths), self._looking))
            case Search():
                self._search()
            case Add():
                self._add(wish)
            case Make():
                self._make(wish)
            case Test():
                self._test(wish)

    def _search(self) -> None:
        for program in find_programs(tell=lambda name, path: self._looking(path, name)):
            usable = [one for one in program.models if one.purpose != "take in"]
            told = tuple(candidate(one, _around(program, one)) for one in usable)
            self._tell(Looked(told, program.problems, program.name))
            self._go_on()

    def _add(self, wish: Add) -> None:
        made = add(_wanted(wish), wish.name, tell=self._progress)
        model = made.model
        self._tell(
            Added(model.name, model.title, model.purpose, made.bundle is not None, made.warnings)
        )

    def _make(self, wish: Make) -> None:
        named = PartNames(wish.talk, wish.decoders, wish.see, wish.hear, wish.speak)
        _, parts = making.make(wish.name, named, tell=self._progress)
        said = (*parts.talker.warnings, *parts.notes)
        self._tell(Added(wish.name, parts.talker.title, "talk", True, said))

    def _test(self, wish: Test) -> None:
        from runtime.opening import open_bundle  # brings torch, as the next one does
        from runtime.self_test.run import self_test

        found = self_test(
            open_bundle(wish.name),
            on_step=lambda step: self._tell(Tried(step)),
            cancelled=self._stopped,
        )
        self._tell(Tested(found))

    def _looking(self, path: Path, program: str = "") -> None:
        self._go_on()
        self._tell(Looking(str(path), program))

    def _progress(self, now: compose.Progress) -> None:
        self._go_on()
        self._tell(Progress(now.done, now.total, now.file))

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Cancelled("it was stopped")


def _around(program: Program, one: FoundModel) -> tuple[FoundModel, ...]:
    return program.beside(one) if one.purpose == "talk" else ()


def _wanted(wish: Add) -> Wanted:
    """The model that is to be added, looked at again: it may have changed since."""
    path = Path(wish.path)
    models = [one for one in identify(path) if one.purpose == wish.purpose]
    found = models[0] if models else identified_as(path, "talk")
    found = replace(found, title=wish.title or found.title)
    if wish.mmproj == WITHOUT:
        return Wanted(found)
    if wish.mmproj:
        return Wanted(found, checked_pair(found, embedder_of(Path(wish.mmproj))))
    return paired(found, beside(found))
