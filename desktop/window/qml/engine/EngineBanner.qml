// Over the composer while the engine is down: why, and the way out.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: banner

    signal bundlesAsked()

    // In a conversation the answer that failed says it already, with what to do.
    // Where it is the model's fault, what is said of the model says so.
    visible: medley.engine.state === "down" && !medley.transcript.failed && medley.picker.problem === ""
    implicitHeight: visible ? content.implicitHeight + 2 * Theme.medium : 0
    radius: Theme.radiusMedium
    color: Theme.colour.surface
    border.width: Theme.highContrast ? Theme.ring : Theme.hair
    border.color: Theme.colour.danger
    Accessible.role: Accessible.AlertMessage
    Accessible.name: qsTr("The engine is down. %1").arg(medley.engine.reason)

    GridLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        columns: width < Theme.px(560) ? 1 : 2
        columnSpacing: Theme.medium
        rowSpacing: Theme.small

        RowLayout {
            spacing: Theme.medium
            Layout.fillWidth: true
            Glyph {
                glyph: "warning"
                color: Theme.colour.danger
                size: Theme.px(20)
                Layout.alignment: Qt.AlignTop
            }
            ColumnLayout {
                spacing: Theme.px(2)
                Layout.fillWidth: true
                Words {
                    text: qsTr("The engine is down. You can still read, search and write.")
                    strong: true
                    Layout.fillWidth: true
                }
                Words {
                    visible: text !== ""
                    text: Format.sentence(medley.engine.reason)
                    Layout.fillWidth: true
                }
            }
        }
        Row {
            spacing: Theme.small
            layoutDirection: Qt.RightToLeft
            Layout.alignment: Qt.AlignRight
            SwitchOff {}
            ActionButton {
                text: qsTr("Restart")
                glyph: "chip"
                onClicked: medley.engine.restart()
            }
            ActionButton {
                text: qsTr("Bundles …")
                quiet: true
                onClicked: banner.bundlesAsked()
            }
        }
    }
}
