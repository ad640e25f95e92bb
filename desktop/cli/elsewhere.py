"""An engine on another computer, as the commands of the terminal use one.

Thread contract: one thread uses it; `answer` ends before another one begins.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from functools import partial

from desktop.assistant.remotes.kept import find_remote
from desktop.assistant.remotes.starting import connector_command, refuse_if_offline
from desktop.cli.printing.terminal import Screen
from plugins.errors import Cancelled, KnownError
from runtime.bundle.bundle import AUTOMATIC
from runtime.messages import ArtifactFailed, ArtifactReady, Event, Turn, TurnDone, TurnFailed
from runtime.worker.client import EngineClient, EngineState
from runtime.worker.protocol import Offered, OfferedBundle, TurnId

LOOK_S = 0.05
"""How often a wait looks whether it was stopped."""


class RemoteEngine:
    """A connection, and the bundle that answers."""

    def __init__(self, name: str, bundle: str, screen: Screen) -> None:
        """Connect.

        Args:
            name: of the other computer.
            bundle: name of a bundle there, `auto` among them.
            screen: told what is loaded there.

        Raises:
            KnownError: it cannot be reached, or has no such bundle.
        """
        refuse_if_offline()
        self.name = find_remote(name).name
        self._bundle, self._screen = bundle, screen
        self._events: queue.SimpleQueue[tuple[TurnId, Event]] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._state = EngineState()
        self._client = EngineClient(
            bundle,
            on_event=lambda turn, event: self._events.put((turn, event)),
            on_state=self._is,
            command=partial(connector_command, name),
            place=name,
        )
        try:
            self.about = self._named(self._offered())
        except BaseException:
            self._client.close()
            raise

    def answer(self, turn: Turn, cancelled: threading.Event | None = None) -> Iterator[Event]:
        """As `Engine.answer`."""
        yield from self._events_of(self._client.ask(turn, self._bundle), cancelled)

    def remade(self, recipe: str, cancelled: threading.Event | None = None) -> ArtifactReady:
        """The artifact that a recipe describes.

        Raises:
            Cancelled: it was stopped.
            KnownError: it could not be made.
        """
        made: ArtifactReady | None = None
        turn = self._client.render(recipe, previews=False, bundle=self._bundle)
        for event in self._events_of(turn, cancelled):
            match event:
                case ArtifactReady():
                    made = event
                case ArtifactFailed() | TurnFailed() if event.problem.kind != "stopped":
                    raise KnownError(event.problem)
        if made is None:
            raise Cancelled
        return made

    def close(self) -> None:
        """Hang up; the other computer ends what it loaded."""
        self._client.close()

    def _events_of(self, turn: TurnId, cancelled: threading.Event | None) -> Iterator[Event]:
        """What comes of a turn, to its end; leaving it early stops it."""
        over = stopped = False
        try:
            while not over:
                if cancelled is not None and cancelled.is_set() and not stopped:
                    stopped = True
                    self._client.stop(turn)
                try:
                    of, event = self._events.get(timeout=LOOK_S)
                except queue.Empty:
                    continue
                if of == turn:
                    over = isinstance(event, TurnDone | TurnFailed)
                    yield event
        finally:
            if not over:
                self._client.stop(turn)

    def _offered(self) -> Offered:
        """What the other computer has, once it says so."""
        self._client.start()
        with self._changed:
            self._changed.wait_for(lambda: self._state.offered or self._state.phase == "down")
            offered, problem = self._state.offered, self._state.problem
        if offered is None:
            raise KnownError(problem or f"{self.name} does not answer.")
        return offered

    def _named(self, offered: Offered) -> OfferedBundle:
        wanted = offered.chosen if self._bundle == AUTOMATIC else self._bundle
        found = offered.named(wanted)
        if found is None:
            known = ", ".join(one.name for one in offered.bundles)
            raise KnownError(f"{self.name} has no bundle {wanted!r}; it has {known}.")
        return found

    def _is(self, state: EngineState) -> None:
        with self._changed:
            before, self._state = self._state, state
            self._changed.notify_all()
        if state.loading is not None and state.loading != before.loading:
            self._screen.loading(state.loading.part)
        if state.notice is not None and state.notice != before.notice:
            self._screen.note(str(state.notice))
