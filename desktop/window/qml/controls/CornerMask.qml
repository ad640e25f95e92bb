// Rounds the corners of the picture under it, also without a graphics card: a frame in the colour of
// what lies behind, whose inner edge is round.
import QtQuick
import "../theme"

Rectangle {
    property color behind: Theme.colour.window
    property int corner: Theme.radiusMedium

    anchors.fill: parent
    anchors.margins: -corner
    color: "transparent"
    border.width: corner
    border.color: behind
    radius: 2 * corner
    Accessible.ignored: true

    Rectangle {
        anchors.fill: parent
        anchors.margins: parent.corner
        color: "transparent"
        border.width: Theme.hair
        border.color: Theme.colour.line
        radius: parent.corner
    }
}
