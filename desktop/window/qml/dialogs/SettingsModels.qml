// The models of the catalogue by what they are for: here or not, get and remove.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../start"
import "../theme"

ColumnLayout {
    id: page

    signal ownAsked()

    spacing: Theme.large
    Component.onCompleted: medley.models.refresh()

    Words {
        text: qsTr("Models are fetched only when you say so, and used on this computer alone.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    SheetRow {
        title: qsTr("Models that you have already")
        explanation: qsTr("Files of your own, and those of LM Studio, Ollama, Jan and others.")
        ActionButton {
            objectName: "ownModels"
            text: qsTr("Your models …")
            glyph: "folder"
            onClicked: page.ownAsked()
        }
    }
    StarterOffer {
        Layout.fillWidth: true
    }
    Repeater {
        model: medley.models
        delegate: ColumnLayout {
            id: entry

            required property int index
            required property string name
            required property string title
            required property string purpose
            required property real bytes
            required property real memoryBytes
            required property list<string> licences
            required property bool installed
            required property bool packaged
            required property bool fetching

            objectName: "model/" + name
            spacing: Theme.small
            Layout.fillWidth: true

            Rectangle {
                implicitHeight: Theme.hair
                color: Theme.colour.line
                Layout.fillWidth: true
            }
            SheetRow {
                title: qsTr("%1 – %2").arg(Format.purpose(entry.purpose)).arg(entry.title)
                explanation: [
                    entry.installed ? qsTr("here") : qsTr("not here"),
                    qsTr("%1 on the disk").arg(Format.disk(entry.bytes)),
                    qsTr("%1 in memory").arg(Format.disk(entry.memoryBytes)),
                    entry.licences.join(", ")
                ].join("  ·  ")
                ActionButton {
                    visible: !entry.installed
                    enabled: medley.models.state !== "fetching"
                    text: entry.fetching ? qsTr("Getting it …") : qsTr("Get")
                    implicitHeight: Theme.px(32)
                    Accessible.name: qsTr("Get %1").arg(entry.title)
                    onClicked: medley.models.get(entry.name)
                }
                ActionButton {
                    visible: entry.installed && !entry.packaged
                    enabled: medley.models.state !== "fetching"
                    text: qsTr("Remove")
                    implicitHeight: Theme.px(32)
                    Accessible.name: qsTr("Remove %1").arg(entry.title)
                    onClicked: medley.models.remove(entry.name)
                }
                Words {
                    visible: entry.packaged
                    text: qsTr("comes with Medley")
                    faint: true
                }
            }
        }
    }
}
