// Shows where the keyboard is. Lies around the item that it is put into.
import QtQuick
import "../theme"

Rectangle {
    required property bool shown
    property int gap: 2
    property int corner: Theme.radiusMedium

    anchors.fill: parent
    anchors.margins: -(gap + Theme.ring)
    visible: shown
    color: "transparent"
    border.width: Theme.ring
    border.color: Theme.colour.focus
    radius: corner + gap + Theme.ring
    Accessible.ignored: true
}
