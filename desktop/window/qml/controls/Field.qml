// A line to type in.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

TextField {
    id: control

    required property string label
    property string glyph: ""

    implicitHeight: Theme.control
    leftPadding: glyph === "" ? Theme.medium : Theme.medium + Theme.icon + Theme.small
    rightPadding: Theme.medium
    topPadding: 0
    bottomPadding: 0
    verticalAlignment: TextInput.AlignVCenter
    font.pixelSize: Theme.fontUi
    color: Theme.colour.text
    placeholderTextColor: Theme.colour.muted
    selectionColor: Theme.colour.accent
    selectedTextColor: Theme.colour.accentInk
    selectByMouse: true
    Accessible.name: label

    background: Rectangle {
        radius: Theme.radiusMedium
        color: Theme.colour.surface
        border.width: control.activeFocus ? Theme.ring : Theme.hair
        border.color: control.activeFocus ? Theme.colour.focus : Theme.colour.outline
    }

    Glyph {
        visible: control.glyph !== ""
        glyph: control.glyph
        x: Theme.medium
        anchors.verticalCenter: parent.verticalCenter
    }
}
