// The local API: on or off, where it is, what programs need, and what runs.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: rows

    readonly property var api: medley.localApi
    readonly property string doing: api.answering
        ? api.waiting > 0 ? qsTr("A program is being answered. Waiting: %1").arg(api.waiting)
                          : qsTr("A program is being answered.")
        : api.waiting > 0 ? qsTr("Waiting for your answer to end: %1").arg(api.waiting)
                          : qsTr("No program asks for anything now.")

    spacing: Theme.medium
    Layout.fillWidth: true

    SheetRow {
        title: qsTr("Local API")
        explanation: qsTr("Programs on this computer can use Medley as they use OpenAI, with a token. Nothing leaves the computer. You are answered first.")
        Toggle {
            objectName: "localApiToggle"
            label: qsTr("Local API")
            checked: medley.settings.localApi
            onToggled: medley.settings.localApi = checked
        }
    }
    Words {
        visible: rows.api.state === "starting"
        text: qsTr("It is starting…")
        faint: true
        size: Theme.fontSmall
    }
    Words {
        visible: rows.api.state === "failed"
        text: rows.api.problem
        color: Theme.colour.danger
        size: Theme.fontSmall
        Layout.fillWidth: true
    }
    ColumnLayout {
        visible: rows.api.state === "running"
        spacing: Theme.small
        Layout.fillWidth: true
        Words {
            objectName: "localApiAddress"
            text: rows.api.address
            strong: true
            Accessible.name: qsTr("Address: %1").arg(text)
        }
        Words {
            text: rows.doing
            faint: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            ActionButton {
                text: qsTr("Copy address")
                glyph: "copy"
                onClicked: medley.copyText(rows.api.address)
            }
            ActionButton {
                objectName: "localApiToken"
                text: qsTr("Copy token")
                glyph: "copy"
                onClicked: rows.api.copyToken()
            }
            ActionButton {
                text: qsTr("Examples")
                glyph: "open"
                onClicked: rows.api.openPage()
            }
        }
        Words {
            text: qsTr("The token lies in %1.").arg(rows.api.tokenFile)
            faint: true
            size: Theme.fontSmall
            wrapMode: Text.WrapAnywhere
            Layout.fillWidth: true
        }
    }
}
