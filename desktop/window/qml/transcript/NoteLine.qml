// A short remark of the program about an answer.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Column {
    id: note

    required property var model
    required property Item row

    readonly property string key: model.text

    width: row.room
    spacing: Theme.small

    Words {
        width: parent.width
        faint: true
        size: Theme.fontSmall
        text: note.key === "length" ? qsTr("The answer reached its greatest length.")
            : note.key === "stopped" ? qsTr("You stopped this answer.")
            : note.key === "dropped" ? qsTr("The model no longer sees the oldest messages: there were too many (%1 left out).").arg(note.model.number)
            : note.key === "quoted" ? qsTr("Quoted from %1").arg(Format.where(note.model.plain))
            : note.key === "memories" ? (note.model.number === 1 ? qsTr("Used one memory") : qsTr("Used %1 memories").arg(note.model.number))
            : note.key === "unread" || note.key === "agent" ? Format.sentence(note.model.plain)
            : note.key === "interrupted" ? qsTr("This was interrupted. What had arrived is kept.")
            : note.key
    }
    ActionButton {
        objectName: "showMemory"
        visible: note.key === "memories"
        text: qsTr("Show what is remembered")
        glyph: "memory"
        quiet: true
        leftPadding: 0
        implicitHeight: Theme.px(28)
        font.pixelSize: Theme.fontSmall
        reachable: note.row.current || note.row.last
        onClicked: note.row.transcript.toolsAsked("memory")
    }
    ActionButton {
        objectName: "resumeButton"
        visible: note.model.action === "resume"
        text: qsTr("Go on")
        glyph: "right"
        reachable: note.row.current || note.row.last
        onClicked: medley.transcript.resume(note.row.messageId)
    }
    ActionButton {
        visible: note.model.action === "retry"
        text: qsTr("Answer again")
        glyph: "regenerate"
        reachable: note.row.current || note.row.last
        onClicked: medley.transcript.retry(note.row.messageId)
    }
}
