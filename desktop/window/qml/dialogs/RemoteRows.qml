// Where answers are made: this computer, or another one of the person's.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: rows

    readonly property var remotes: medley.remotes

    spacing: Theme.medium
    Layout.fillWidth: true

    Component.onCompleted: remotes.refresh()

    SheetRow {
        title: qsTr("Where answers are made")
        explanation: rows.remotes.chosen !== ""
            ? qsTr("What you ask is sent to %1, with its files and what was said before. Nothing is sent anywhere else, and this computer does not answer in its place.").arg(rows.remotes.host || rows.remotes.chosen)
            : rows.remotes.names.length > 0 ? qsTr("Nothing leaves this computer.")
            : qsTr("Nothing leaves this computer. Another one of yours is added in a terminal: medley remote add NAME user@host")
        Choice {
            objectName: "remoteBox"
            label: qsTr("Where answers are made")
            model: [{ value: "", text: qsTr("This computer") }].concat(Array.from(rows.remotes.names, (name) => ({ value: name, text: name })))
            chosen: rows.remotes.chosen
            onActivated: rows.remotes.choose(currentValue)
        }
    }
    RowLayout {
        visible: rows.remotes.chosen !== ""
        spacing: Theme.medium
        Layout.fillWidth: true
        Words {
            objectName: "remoteSays"
            text: rows.remotes.state === "testing" ? qsTr("It is being asked…")
                : rows.remotes.state === "failed" ? Format.sentence(rows.remotes.problem)
                : rows.remotes.state === "answers" ? qsTr("It answers. Its bundles: %1").arg(rows.remotes.bundles.join(", "))
                : ""
            color: rows.remotes.state === "failed" ? Theme.colour.danger : Theme.colour.muted
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        ActionButton {
            objectName: "remoteTest"
            text: qsTr("Try it")
            glyph: "server"
            enabled: rows.remotes.state !== "testing"
            onClicked: rows.remotes.test()
        }
    }
}
