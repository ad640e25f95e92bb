// What of a spoken answer was not heard, since it was interrupted: put away until somebody asks.
import QtQuick
import "../controls"
import "../theme"

Column {
    id: unheard

    required property var model
    required property Item row
    property bool shown: false

    width: row.room
    spacing: Theme.small

    Words {
        objectName: "unheardWords"
        visible: unheard.shown
        width: parent.width
        faint: true
        size: Theme.fontBody
        lineHeight: 1.4
        text: unheard.model.plain
        Accessible.description: qsTr("Not heard")
    }
    ActionButton {
        objectName: "unheardButton"
        quiet: true
        implicitHeight: Theme.px(28)
        leftPadding: 0
        font.pixelSize: Theme.fontSmall
        ink: Theme.colour.muted
        text: unheard.shown ? qsTr("Hide what was not heard") : qsTr("You interrupted here: show the rest")
        reachable: unheard.row.current || unheard.row.last
        onClicked: unheard.shown = !unheard.shown
    }
}
