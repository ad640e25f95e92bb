"""The names of the types of what is seen, as QML has them."""

from __future__ import annotations

from PySide6.QtQml import QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickItem


def type_name(item: QQuickItem) -> str:
    """The name of an item's type, for example `Toast_QMLTYPE_12` or `QQuickTextEdit`.

    Asked of QML: `item.metaObject()` makes PySide keep a wrapper of something that QML frees with
    the item. The next item in that place of the memory would be taken for it.
    """
    above: QQuickItem | None = item
    context = None
    while above is not None and context is None:
        context = QQmlEngine.contextForObject(above)
        above = above.parentItem()
    assert context is not None, f"{item} belongs to no window"
    told, _ = QQmlExpression(context, item, "String(this)").evaluate()  # type: ignore[misc]
    return str(told).partition("(")[0]
