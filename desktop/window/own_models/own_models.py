"""A person's own models, as the sheet shows them: adding, what other programs have, composing, all
that there is, and the self-test. Ties these to each other and to the picker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Property, QObject, Slot

from desktop.window.own_models.adding import Adding
from desktop.window.own_models.found import Found
from desktop.window.own_models.listing import Listing
from desktop.window.own_models.making import Making
from desktop.window.own_models.testing import Testing
from desktop.window.session import Session


class OwnModels(QObject):
    """All of the sheet."""

    def __init__(
        self, session: Session, bundles_changed: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """`bundles_changed` is told when there is a bundle more or less."""
        super().__init__(parent)
        self._bundles_changed = bundles_changed
        self.adding_view = Adding(session, self)
        self.found_model = Found(self)
        self.making_view = Making(session, self)
        self.listing_model = Listing(session, self)
        self.testing_model = Testing(self)
        self.found_model.taken.connect(self.adding_view.offer)
        self.found_model.stateChanged.connect(self._on_found)
        self.adding_view.arrived.connect(self._on_arrival)
        self.making_view.arrived.connect(self._on_arrival)
        self.listing_model.gone.connect(self._on_removal)
        self.listing_model.returned.connect(self._on_return)
        self.testing_model.tested.connect(lambda _: self.listing_model.refresh())

    @Slot()
    def refresh(self) -> None:
        """Look what there is."""
        self.listing_model.refresh()
        self.making_view.refresh()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Offer files and folders that a person gave to the window."""
        self.adding_view.look_at(paths)

    def close(self) -> None:
        """Stop everything that is under way."""
        for part in (
            self.adding_view, self.found_model, self.making_view, self.listing_model,
            self.testing_model,
        ):  # fmt: skip
            part.close()

    def _on_arrival(self, name: str, has_bundle: bool) -> None:
        path = self.adding_view.property("facts").get("path", "")
        self.found_model.mark_added(path, name)
        self._change()
        if has_bundle:
            self.testing_model.start(name)

    def _on_removal(self, _: str, path: str) -> None:
        self.found_model.mark_added(path, "")
        self._change()

    def _on_return(self, name: str, path: str) -> None:
        self.found_model.mark_added(path, name)
        self._change()

    def _on_found(self) -> None:
        if self.found_model.property("state") == "done":
            self.making_view.offer_found(self.found_model.talkers)

    def _change(self) -> None:
        self._bundles_changed()
        self.refresh()

    adding = Property(QObject, lambda self: self.adding_view, constant=True)
    found = Property(QObject, lambda self: self.found_model, constant=True)
    making = Property(QObject, lambda self: self.making_view, constant=True)
    listing = Property(QObject, lambda self: self.listing_model, constant=True)
    testing = Property(QObject, lambda self: self.testing_model, constant=True)
