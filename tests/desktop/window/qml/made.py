"""Makes parts of a `medley` object with data in them and nothing behind them, and fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.listmodel import RowsModel

Values = Mapping[str, tuple[str, Any]]
"""Properties by name: Qt's type and the value."""


def _property(name: str, kind: str, signal: Signal) -> Any:
    def get(self: Any) -> Any:
        return self.values[name]

    def put(self: Any, value: Any) -> None:
        if self.values[name] != value:
            self.values[name] = value
            getattr(self, f"{name}Changed").emit()

    return Property(kind, get, put, notify=signal)


def _slot(name: str, parameters: int, answer: str | None) -> Callable[..., Any]:
    """A slot of so many parameters that remembers its call."""

    def one(self: Any, *words: Any) -> Any:
        self.calls.append((name, *words))
        return self.answers.get(name)

    forms: Mapping[int, Callable[..., Any]] = {
        0: lambda self: one(self),
        1: lambda self, a: one(self, a),
        2: lambda self, a, b: one(self, a, b),
        3: lambda self, a, b, c: one(self, a, b, c),
        4: lambda self, a, b, c, d: one(self, a, b, c, d),
        5: lambda self, a, b, c, d, e: one(self, a, b, c, d, e),
    }
    kinds = ["QVariant"] * parameters
    return Slot(*kinds, name=name, result=answer)(forms[parameters])


def made_full(
    base: type[QObject],
    values: Values,
    slots: Mapping[str, int],
    signals: Mapping[str, Signal] | None = None,
    answers: Mapping[str, tuple[str, Any]] | None = None,
) -> QObject:
    space: dict[str, Any] = dict(signals or {})
    for name, (kind, _) in values.items():
        space[f"{name}Changed"] = Signal()
        space[name] = _property(name, kind, space[f"{name}Changed"])
    known = answers or {}
    for name, parameters in slots.items():
        space[name] = _slot(name, parameters, known[name][0] if name in known else None)
    made = type(f"Made{base.__name__}", (base,), space)()
    made.values = {name: value for name, (_, value) in values.items()}
    made.answers = {name: value for name, (_, value) in known.items()}
    made.calls = []
    return made


def put(part: Any, /, **values: Any) -> None:
    """Change properties of a part, with their signals."""
    for name, value in values.items():
        part.values[name] = value
        getattr(part, f"{name}Changed").emit()


def rows(model: Any, given: Sequence[Mapping[str, Any]], /, **defaults: Any) -> Any:
    """Fill a model; what a row does not say it takes from the defaults."""
    model.reset([SimpleNamespace(**{**defaults, **row}) for row in given])
    return model


def made_part(values: Values, slots: Mapping[str, int]) -> Any:
    """A part of the contract."""
    return made_full(QObject, values, slots)


def made_model(roles: str, values: Values, slots: Mapping[str, int], **more: Any) -> Any:
    """A part of the contract with rows."""
    base = type("Rows", (RowsModel,), {"roles": tuple(roles.split())})
    return made_full(base, values, slots, **more)
