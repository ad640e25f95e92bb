// Switches off for good a plugin that ended the engine; nothing where there is none.
import QtQuick
import "../controls"
import "../theme"

ActionButton {
    property bool shown: true
    readonly property string plugin: medley.engine.suspended[0] ?? ""

    objectName: "switchOff"
    visible: shown && plugin !== ""
    text: qsTr("Switch %1 off").arg(plugin)
    glyph: "close"
    onClicked: medley.engine.switchOff(plugin)
}
