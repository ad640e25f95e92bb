"""A name that a person gives: whether it can be used, found out while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from desktop.window.sentences import told
from desktop.window.session import Session
from plugins.errors import KnownError


class NameCheck:
    """One name."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        """`changed` is told when the name or what is wrong with it is different."""
        self._session, self._changed = session, changed
        self.name = self.problem = ""

    def propose(self, name: str) -> None:
        """Have a name that is known to be free."""
        self.name, self.problem = name, ""

    def use(self, name: str) -> None:
        """Have a name, and look whether it can be used."""
        if name == self.name:
            return
        self.name = name
        self._changed()
        self._session.ask(
            lambda _: _problem(name), lambda found: self._take(name, found), queue="models"
        )

    def _take(self, name: str, problem: str) -> None:
        if name == self.name and problem != self.problem:
            self.problem = problem
            self._changed()


def _problem(name: str) -> str:
    from runtime.composition import names

    try:
        names.checked(name)
    except KnownError as error:
        return told(error)
    return ""
