// The rest of a long message, which is shown when it is asked for.
import QtQuick
import "../controls"
import "../theme"

Column {
    id: more

    required property var model
    required property Item row

    width: row.room
    spacing: Theme.small

    Words {
        width: parent.width
        faint: true
        size: Theme.fontSmall
        text: qsTr("This message is long: %1 more characters.").arg(Format.count(more.model.number))
    }
    ActionButton {
        objectName: "showAllButton"
        text: qsTr("Show all")
        reachable: more.row.current || more.row.last
        onClicked: medley.transcript.showAll(more.row.messageId)
    }
}
