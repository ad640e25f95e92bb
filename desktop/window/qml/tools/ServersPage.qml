// MCP servers: programs and addresses on this machine that bring tools.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../models"
import "../theme"

ColumnLayout {
    id: page

    property bool pasting: false

    function take() {
        if (medley.tools.servers.paste(area.text)) {
            area.clear();
            pasting = false;
        }
    }

    objectName: "serversPage"
    spacing: Theme.medium

    Words {
        text: qsTr("MCP servers bring tools of other people. A server runs as you do: it may read and change whatever you may. Switch on only what you trust.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    ColumnLayout {
        visible: page.pasting
        spacing: Theme.small
        Layout.fillWidth: true
        ScrollView {
            id: scroller
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(150)
            TextArea {
                id: area
                objectName: "serverJson"
                placeholderText: "{ \"mcpServers\": { … } }"
                placeholderTextColor: Theme.colour.muted
                wrapMode: TextArea.WrapAnywhere
                font.family: Theme.mono
                font.pixelSize: Theme.px(13)
                color: Theme.colour.text
                selectionColor: Theme.colour.accent
                selectedTextColor: Theme.colour.accentInk
                textFormat: TextEdit.PlainText
                KeyNavigation.priority: KeyNavigation.BeforeItem
                KeyNavigation.tab: importer
                Accessible.name: qsTr("The settings of servers as other programs have them")
                background: Rectangle {
                    radius: Theme.radiusMedium
                    color: Theme.colour.surface
                    border.width: area.activeFocus ? Theme.ring : Theme.hair
                    border.color: area.activeFocus ? Theme.colour.focus : Theme.colour.outline
                }
            }
        }
        Words {
            objectName: "serverProblem"
            visible: medley.tools.servers.problem !== ""
            text: Format.sentence(medley.tools.servers.problem)
            color: Theme.colour.danger
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        RowLayout {
            spacing: Theme.small
            ActionButton {
                id: importer
                objectName: "importServers"
                text: qsTr("Add, switched off")
                primary: true
                enabled: area.text.trim() !== ""
                onClicked: page.take()
            }
            ActionButton {
                text: qsTr("Cancel")
                onClicked: page.pasting = false
            }
        }
    }
    CardList {
        id: list
        objectName: "serverList"
        label: qsTr("Servers")
        model: medley.tools.servers
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: ServerCard {
            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
        }
        EmptyWords {
            visible: list.count === 0 && !page.pasting
            width: parent.width
            text: qsTr("There are no servers.")
        }
    }
    ActionButton {
        objectName: "pasteServers"
        visible: !page.pasting
        text: qsTr("Paste settings …")
        glyph: "clipboard"
        onClicked: {
            page.pasting = true;
            area.forceActiveFocus();
        }
    }
}
