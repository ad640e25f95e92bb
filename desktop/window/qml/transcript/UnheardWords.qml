// What of a spoken answer was not heard, since it was interrupted: put away until somebody asks.
import QtQuick
import "../controls"
import "../theme"

Column {
    id: unheard

    required property var model
    required property Item row
    property bool shown: false
    // Whether nothing of the answer was heard at all.
    readonly property bool whole: row.plain === ""
    readonly property string invitation: whole ? qsTr("You interrupted before any of it was heard: show it")
                                               : qsTr("You interrupted here: show the rest")

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
    component Quiet: ActionButton {
        quiet: true
        implicitHeight: Theme.px(28)
        leftPadding: 0
        font.pixelSize: Theme.fontSmall
        ink: Theme.colour.muted
        reachable: unheard.row.current || unheard.row.last
    }
    Flow {
        width: parent.width
        spacing: Theme.medium
        Quiet {
            objectName: "unheardButton"
            text: unheard.shown ? qsTr("Hide what was not heard") : unheard.invitation
            onClicked: unheard.shown = !unheard.shown
        }
        Quiet {
            objectName: "unheardAgain"
            visible: unheard.whole
            text: qsTr("Answer again")
            onClicked: medley.transcript.regenerate(unheard.row.messageId)
        }
    }
}
