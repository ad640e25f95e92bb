// One MCP server: its whole command, how it is, and what can be done with it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../models"
import "../theme"

LineCard {
    id: card

    required property string name
    required property string called
    required property string command
    required property var model
    required property bool on
    required property int tools
    required property string problem
    property bool asking: false
    readonly property string stand: model.state

    title: called === "" || called === name ? name : qsTr("%1 (%2)").arg(name).arg(called)
    told: stand === "off" ? qsTr("switched off") : stand === "starting" ? qsTr("starting …")
        : stand === "ready" ? (tools === 1 ? qsTr("ready, brings one tool") : qsTr("ready, brings %1 tools").arg(tools))
        : stand === "failed" ? qsTr("cannot be used") : qsTr("ended")
    glyph: "server"
    tint: stand === "ready" ? Theme.colour.good : stand === "failed" ? Theme.colour.danger : Theme.colour.muted
    more: [
        ForeignText {
            objectName: "serverCommand"
            pieces: [{ kind: "", text: card.command }]
            label: qsTr("What is run for %1").arg(card.name)
            most: Theme.px(120)
            reachable: card.pointed
            Layout.fillWidth: true
        },
        Words {
            visible: card.problem !== ""
            text: Format.sentence(card.problem)
            color: Theme.colour.danger
            Layout.fillWidth: true
        },
        RowLayout {
            visible: card.asking
            spacing: Theme.small
            Layout.fillWidth: true
            Words {
                text: qsTr("Remove this server and what was decided on its tools?")
                Layout.fillWidth: true
                Accessible.role: Accessible.AlertMessage
            }
            ActionButton {
                objectName: "removeServer"
                text: qsTr("Remove")
                danger: true
                primary: true
                onClicked: medley.tools.servers.remove(card.name)
            }
            ActionButton {
                text: qsTr("Keep it")
                onClicked: card.asking = false
            }
        }
    ]
    Toggle {
        objectName: "serverSwitch"
        label: qsTr("Use %1").arg(card.name)
        checked: card.on
        onToggled: {
            medley.tools.servers.setOn(card.name, checked);
            checked = Qt.binding(() => card.on);
        }
    }
    IconButton {
        objectName: "testServer"
        glyph: "again"
        label: qsTr("Try %1 once").arg(card.name)
        enabled: card.stand !== "starting"
        onClicked: medley.tools.servers.test(card.name)
    }
    IconButton {
        objectName: "askRemoveServer"
        glyph: "trash"
        label: qsTr("Remove %1").arg(card.name)
        onClicked: card.asking = true
    }
}
