"""A list model whose rows are plain objects and whose roles are their attributes.

Knows Qt's model interface. What a row holds is the matter of the model that is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
FIRST_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()


class RowsModel(QAbstractListModel, Generic[Row]):
    """Rows of one kind; `roles` are the names QML reads them by."""

    countChanged = Signal()  # noqa: N815  (Qt names signals so)
    roles: tuple[str, ...] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._numbers = {name: FIRST_ROLE + at for at, name in enumerate(self.roles)}
        self._names = {number: name for name, number in self._numbers.items()}

    @property
    def rows(self) -> Sequence[Row]:
        """What the model shows, in order. Change it through the methods only."""
        return self._rows

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802  (Qt's name)
        """Rows; a list has none below a row."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """One attribute of one row."""
        name = self._names.get(role)
        if name is None or not 0 <= index.row() < len(self._rows):
            return None
        return self.value(index.row(), name)

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802  (Qt's name)
        """The roles by their numbers."""
        return {number: QByteArray(name.encode()) for number, name in self._names.items()}

    def value(self, row: int, role: str) -> Any:
        """What QML sees of a row under a role's name."""
        return getattr(self._rows[row], role)

    def reset(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()
        self.countChanged.emit()

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""
        self.insert(len(self._rows), rows)

    def insert(self, at: int, rows: Sequence[Row]) -> None:
        """Add rows before the one at `at`."""
        if not rows:
            return
        self.beginInsertRows(_ROOT, at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self.endInsertRows()
        self.countChanged.emit()

    def drop(self, at: int, count: int = 1) -> None:
        """Take rows away."""
        if count <= 0:
            return
        self.beginRemoveRows(_ROOT, at, at + count - 1)
        del self._rows[at : at + count]
        self.endRemoveRows()
        self.countChanged.emit()

    def replace(self, at: int, row: Row, roles: Sequence[str] = ()) -> None:
        """Put another row in the place of one, saying which roles differ (none: all)."""
        self._rows[at] = row
        self.changed(at, at, roles)

    def changed(self, first: int, last: int, roles: Sequence[str] = ()) -> None:
        """Tell the view that rows look different now."""
        numbers = [self._numbers[name] for name in roles]
        self.dataChanged.emit(self.index(first), self.index(last), numbers)

    def move(self, source: int, target: int) -> bool:
        """Put the row at `source` where the one at `target` is; False when there is none."""
        count = len(self._rows)
        if source == target or not (0 <= source < count and 0 <= target < count):
            return False
        place = target + 1 if target > source else target
        self.beginMoveRows(_ROOT, source, source, _ROOT, place)
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()
        return True

    def update(self, rows: Sequence[Row], key: Callable[[Row], Any]) -> None:
        """Show `rows` with the fewest changes, so that the view keeps its place.

        Rows with the same key are the same row; what stays keeps its delegate.
        """
        wanted = {key(row) for row in rows}
        for at in range(len(self._rows) - 1, -1, -1):
            if key(self._rows[at]) not in wanted:
                self.drop(at)
        for at, row in enumerate(rows):
            found = next(
                (i for i in range(at, len(self._rows)) if key(self._rows[i]) == key(row)), None
            )
            if found is None:
                self.insert(at, [row])
                continue
            self.move(found, at)
            if self._rows[at] != row:
                self.replace(at, row)

    count = Property(int, lambda self: len(self._rows), notify=countChanged)
