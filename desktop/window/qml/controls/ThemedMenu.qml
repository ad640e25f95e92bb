// A menu in the look of the window.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

Menu {
    id: control

    padding: Theme.tiny
    implicitWidth: Theme.px(230)
    delegate: MenuLine {}
    background: Rectangle {
        color: Theme.colour.raised
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
        radius: Theme.radiusMedium
    }
}
