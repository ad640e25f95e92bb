"""The client of the engine: one at a time; another computer, device or budget is another client.

Thread contract: every method may be called from any thread; none waits for the engine but `use` and
`close`.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from desktop.assistant.choices import EngineChoice
from desktop.assistant.remotes.starting import connector_command
from plugins.errors import BugError, KnownError
from runtime.bundle.bundle import AUTOMATIC, chosen_name, find_bundle, list_bundles
from runtime.messages import Event
from runtime.worker.client import EngineClient, EngineState

T = TypeVar("T")
TurnId = int


class Engines:
    """Makes a client where there is none."""

    def __init__(
        self,
        choice: EngineChoice,
        on_event: Callable[[TurnId, Event], None],
        on_state: Callable[[EngineState], None],
    ) -> None:
        """Nothing is started yet; see `EngineClient` for what is told."""
        self.choice = choice
        self._on_event, self._on_state = on_event, on_state
        self._took: Callable[[TurnId, Event], bool] = lambda turn, event: False
        self._changed: Callable[[EngineState], None] = lambda state: None
        self._lock = threading.RLock()
        self._client: EngineClient | None = None
        self._suspended: tuple[str, ...] = ()
        """Plugins that ended an engine; no later one uses them."""
        self._closed = False

    @property
    def now(self) -> EngineClient | None:
        """The client that there is."""
        return self._client

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        client = self._client
        return EngineState() if client is None else client.state

    def lend(
        self, took: Callable[[TurnId, Event], bool], changed: Callable[[EngineState], None]
    ) -> None:
        """Answer for others too.

        Args:
            took: told every event first; says whether it is of a turn of theirs.
            changed: told every state, after everybody else.
        """
        self._took, self._changed = took, changed

    def client(self) -> EngineClient:
        """The client, made if there is none.

        Raises:
            KnownError: everything is being closed.
        """
        with self._lock:
            if self._closed:
                raise KnownError("Medley is closing.")
            if self._client is None:
                self._client = self._made()
            return self._client

    def _made(self) -> EngineClient:
        options: dict[str, Any] = {
            "on_event": self._happened, "on_state": self._is, "suspended": self._suspended,
        }  # fmt: skip
        remote = self.choice.remote
        if remote:
            command = partial(connector_command, remote)
            return EngineClient(self.choice.bundle, **options, command=command, place=remote)
        return EngineClient(
            self.choice.bundle,
            device=self.choice.device,
            memory_budget=self.choice.memory_budget,
            **options,
        )

    def run(self, work: Callable[[EngineClient], T]) -> T:
        """Do `work` with the client, and with the next one where another was chosen meanwhile."""
        while True:
            client = self.client()
            try:
                return work(client)
            except BugError:
                with self._lock:
                    if client is self._client:
                        raise

    def name_of(self, bundle: str) -> str:
        """The name of a bundle that is given by name or folder; empty where only another computer
        knows it, which did not say so yet."""
        if not self.choice.remote:
            return Path(chosen_name(bundle)).name
        offered = self.state.offered
        return bundle if bundle != AUTOMATIC else "" if offered is None else offered.chosen

    def bundle_of(self, recipe: str, otherwise: str) -> str:
        """The bundle whose decoders make an artifact of this recipe: the one that it names where
        there is one of that name."""
        try:
            named = msgspec.json.decode(recipe, type=dict[str, object]).get("bundle")
        except msgspec.MsgspecError:
            return otherwise
        there = self.state.offered if self.choice.remote else None
        known = list_bundles() if there is None else there.bundles
        names = {one.name for one in known}
        return named if isinstance(named, str) and named in names else otherwise

    def context_there(self, bundle: str) -> int | None:
        """Positions of a bundle's context on the other computer, 0 where that is not known; None
        where this one answers."""
        if not self.choice.remote:
            return None
        offered = self.state.offered
        named = None if offered is None else offered.named(self.name_of(bundle))
        return 0 if named is None else named.n_ctx

    def use(self, choice: EngineChoice) -> None:
        """Have later answers made as chosen. What is being answered fails where it is another
        computer, device or budget; another bundle waits until it is answered."""
        with self._lock:
            same = dataclasses.replace(choice, bundle=self.choice.bundle) == self.choice
            self.choice = choice
            if same:
                return
            client, self._client = self._client, None
            if client is not None:
                self._suspended = client.suspended
        if client is not None:
            client.close()
        self._is(self.state)

    def shut(self) -> None:
        """Make no client any more."""
        with self._lock:
            self._closed = True

    def close(self) -> None:
        """End the client, for good."""
        self.shut()
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _happened(self, turn: TurnId, event: Event) -> None:
        if not self._took(turn, event):
            self._on_event(turn, event)

    def _is(self, state: EngineState) -> None:
        self._on_state(state)
        self._changed(state)


def is_here(bundle: str) -> bool:
    """Whether there is a bundle of this name, or in this folder."""
    try:
        find_bundle(bundle)
    except KnownError:
        return False
    return True
