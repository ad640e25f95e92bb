// One line of a menu.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

MenuItem {
    id: control

    property string glyph: ""
    property bool danger: false

    implicitHeight: visible ? Theme.px(34) : 0
    leftPadding: Theme.medium
    rightPadding: Theme.medium
    topPadding: 0
    bottomPadding: 0
    spacing: Theme.small
    font.pixelSize: Theme.fontUi
    icon.source: Theme.glyph(glyph)
    icon.width: Theme.icon
    icon.height: Theme.icon
    icon.color: danger ? Theme.colour.danger : Theme.colour.muted
    palette.windowText: danger ? Theme.colour.danger : enabled ? Theme.colour.text : Theme.colour.outline
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radiusSmall
        color: control.highlighted ? Theme.colour.hover : "transparent"
        border.width: !control.highlighted ? 0 : Theme.highContrast ? Theme.ring : Theme.hair
        border.color: Theme.colour.focus
    }
}
