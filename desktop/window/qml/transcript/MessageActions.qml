// What can be done with a message. Seen where the pointer or the keyboard is, and under the last one.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Item {
    id: bar

    required property Item row
    readonly property bool reachable: row.current || row.last

    Row {
        spacing: Theme.px(2)
        x: bar.row.mine ? bar.width - width : -Theme.px(6)
        layoutDirection: bar.row.mine ? Qt.RightToLeft : Qt.LeftToRight

        BranchSwitch {
            visible: bar.row.branchCount > 1
            row: bar.row
        }
        PlaceBadge {
            visible: place !== ""
            place: bar.row.place
        }
        // Where several models have answered each answer says whose it is.
        Words {
            objectName: "answeredBy"
            visible: text !== ""
            text: Format.bundle(bar.row.model)
            faint: true
            size: Theme.fontSmall
            elide: Text.ElideMiddle
            wrapMode: Text.NoWrap
            width: Math.min(implicitWidth, Theme.px(220))
            height: Theme.px(28)
            leftPadding: Theme.px(6)
            rightPadding: Theme.small
            verticalAlignment: Text.AlignVCenter
            Accessible.name: qsTr("Answered by %1").arg(text)
        }
        IconButton {
            visible: bar.row.mine && bar.row.ended
            opacity: bar.row.inviting ? 1 : 0
            glyph: "edit"
            label: qsTr("Edit and send again")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: bar.row.transcript.startEditing(bar.row.messageId, bar.row.plain)
        }
        IconButton {
            visible: bar.row.plain !== ""
            opacity: bar.row.inviting ? 1 : 0
            glyph: "copy"
            label: qsTr("Copy the words")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: medley.transcript.copyMessage(bar.row.messageId)
        }
        IconButton {
            readonly property bool reading: medley.talk.reading === bar.row.messageId
            objectName: bar.row.last ? "readAloudButton" : ""
            visible: bar.row.plain !== ""
            opacity: bar.row.inviting || reading ? 1 : 0
            glyph: reading ? "stop" : "volume"
            label: reading ? qsTr("Stop reading aloud") : qsTr("Read aloud")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: medley.talk.readAloud(bar.row.messageId, bar.row.plain)
        }
        IconButton {
            objectName: bar.row.last ? "sayAsVideoButton" : ""
            visible: !bar.row.mine && bar.row.ended && bar.row.plain !== ""
            opacity: bar.row.inviting ? 1 : 0
            glyph: "video"
            label: qsTr("Say it as a video")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: medley.transcript.sayAsVideo(bar.row.messageId)
        }
        IconButton {
            objectName: bar.row.last ? "regenerateButton" : ""
            visible: !bar.row.mine && bar.row.ended && bar.row.status !== "failed"
            opacity: bar.row.inviting ? 1 : 0
            glyph: "regenerate"
            label: qsTr("Answer again")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: medley.transcript.regenerate(bar.row.messageId)
        }
        IconButton {
            id: others
            objectName: bar.row.last ? "againWithButton" : ""
            visible: !bar.row.mine && bar.row.ended && medley.picker.several
            opacity: bar.row.inviting ? 1 : 0
            glyph: "bundle"
            label: qsTr("Answer again with another model")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: bar.row.transcript.againAsked(others, bar.row.messageId)
        }
        IconButton {
            objectName: bar.row.last ? "answerDetailsButton" : ""
            visible: !bar.row.mine && bar.row.ended && bar.row.status !== "failed"
            opacity: bar.row.inviting ? 1 : 0
            glyph: "details"
            label: qsTr("How this answer came about")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: bar.reachable
            onClicked: medley.transcript.answerDetails(bar.row.messageId)
        }
    }
}
