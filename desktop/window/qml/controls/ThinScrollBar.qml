// A scroll bar that stays out of the way until it is needed.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

ScrollBar {
    id: control

    implicitWidth: Theme.px(10)
    implicitHeight: Theme.px(10)
    padding: Theme.px(2)
    minimumSize: 0.06
    focusPolicy: Qt.NoFocus
    Accessible.ignored: true

    contentItem: Rectangle {
        radius: Math.min(width, height) / 2
        color: control.pressed ? Theme.colour.muted : Theme.colour.outline
        opacity: control.size >= 1 ? 0 : control.active || Theme.highContrast ? 0.9 : 0.35
        Behavior on opacity { NumberAnimation { duration: Theme.calm } }
    }
    background: Item {}
}
