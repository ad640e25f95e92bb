// The tools that there are, with what each may touch.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../models"
import "../theme"

ColumnLayout {
    id: page

    objectName: "toolsPage"
    spacing: Theme.medium

    SheetRow {
        title: qsTr("Tools in new conversations")
        explanation: qsTr("A model may then ask for tools. You are asked before one touches anything of yours.")
        Toggle {
            objectName: "toolsByDefault"
            label: qsTr("Tools in new conversations")
            checked: medley.settings.tools
            onToggled: medley.settings.tools = checked
        }
    }
    Repeater {
        model: medley.tools.catalogue.problems
        delegate: WarningLine {
            required property string modelData
            text: Format.sentence(modelData)
            Layout.fillWidth: true
        }
    }
    CardList {
        id: list
        objectName: "toolList"
        label: qsTr("Tools")
        model: medley.tools.catalogue
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: LineCard {
            id: line

            required property string server
            required property string name
            required property string called
            required property string description
            required property var touches
            required property string asks
            required property string notice

            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            title: ToolWords.name(server, name, called)
            told: [server === "medley" ? "" : qsTr("Of %1").arg(server), description].filter((word) => word !== "").join("  ·  ")
            glyph: ToolWords.glyph(name)
            more: [
                TouchList {
                    kinds: line.touches
                    Layout.fillWidth: true
                },
                Words {
                    text: line.asks === "never" ? qsTr("Runs without asking.")
                        : line.asks === "each" ? qsTr("You are asked every time.") : qsTr("You are asked, and may allow it for good.")
                    faint: true
                    size: Theme.fontSmall
                    Layout.fillWidth: true
                },
                WarningLine {
                    visible: line.notice !== ""
                    text: line.notice
                    Layout.fillWidth: true
                }
            ]
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: medley.tools.catalogue.looking ? qsTr("Looking what there is …") : qsTr("There are no tools.")
        }
    }
}
