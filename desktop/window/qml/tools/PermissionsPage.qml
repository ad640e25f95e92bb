// What was decided on tools for good, to be revoked.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    objectName: "permissionsPage"
    spacing: Theme.medium

    Words {
        text: qsTr("What you allowed or forbade for good. What is revoked you are asked about again.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    CardList {
        id: list
        objectName: "permissionList"
        label: qsTr("Decisions")
        model: medley.tools.permissions
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: LineCard {
            id: line

            required property int permissionId
            required property string server
            required property string tool
            required property string folder
            required property bool allowed
            required property real time

            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            title: (allowed ? qsTr("Always: %1") : qsTr("Never: %1")).arg(ToolWords.name(server, tool, ""))
            told: [ToolWords.server(server), folder === "" ? "" : qsTr("in %1").arg(folder), Format.date(time)].filter((word) => word !== "").join("  ·  ")
            glyph: allowed ? "check" : "close"
            tint: allowed ? Theme.colour.good : Theme.colour.danger
            ActionButton {
                objectName: "revoke"
                text: qsTr("Revoke")
                quiet: true
                Accessible.name: qsTr("Revoke: %1").arg(line.title)
                onClicked: medley.tools.permissions.revoke(line.permissionId)
            }
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: qsTr("Nothing was decided for good yet.")
        }
    }
}
