// What the engine is doing, on what, with how much memory, and why it may be down.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../start"
import "../theme"

Popup {
    id: panel

    required property string wording
    required property color light
    readonly property real budget: medley.engine.memoryBudgetBytes

    signal bundlesAsked()

    objectName: "enginePanel"
    width: Math.min(Theme.px(340), parent?.Window.width - 2 * Theme.large || Theme.px(340))
    margins: Theme.small
    padding: Theme.large
    focus: true

    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    background: Rectangle {
        color: Theme.colour.raised
        radius: Theme.radiusLarge
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    }

    component Fact: RowLayout {
        id: fact
        property string title
        property string value
        visible: value !== ""
        spacing: Theme.medium
        Words {
            text: fact.title
            faint: true
            Layout.preferredWidth: Theme.px(84)
        }
        Words {
            text: fact.value
            Layout.fillWidth: true
        }
    }

    contentItem: ColumnLayout {
        spacing: Theme.medium

        RowLayout {
            spacing: Theme.small
            Rectangle {
                implicitWidth: Theme.px(10)
                implicitHeight: implicitWidth
                radius: width / 2
                color: panel.light
            }
            Words {
                text: qsTr("The engine: %1").arg(panel.wording)
                strong: true
                size: Theme.px(16)
                Layout.fillWidth: true
                Accessible.role: Accessible.Heading
            }
        }
        Words {
            visible: text !== ""
            text: Format.sentence(medley.engine.reason)
            color: medley.engine.state === "down" ? Theme.colour.danger : Theme.colour.text
            lineHeight: 1.25
            Layout.fillWidth: true
        }
        Words {
            visible: text !== ""
            text: Format.sentence(medley.engine.notice)
            lineHeight: 1.25
            Layout.fillWidth: true
        }
        ProgressLine {
            visible: medley.engine.state === "loading" || medley.engine.state === "starting"
            label: qsTr("Loading")
            indeterminate: medley.engine.progress < 0
            value: Math.max(0, medley.engine.progress)
            Layout.fillWidth: true
        }
        Fact {
            title: qsTr("Loading")
            value: medley.engine.state === "loading" ? medley.engine.loading : ""
        }
        Fact {
            title: qsTr("Bundle")
            value: Format.bundle(medley.engine.bundle)
        }
        Fact {
            title: qsTr("Made on")
            value: medley.engine.remote
        }
        Fact {
            title: qsTr("Device")
            value: medley.engine.device
        }
        Fact {
            title: qsTr("Memory")
            value: medley.engine.memoryBytes <= 0 ? ""
                 : panel.budget > 0 ? qsTr("%1 of at most %2").arg(Format.bytes(medley.engine.memoryBytes)).arg(Format.bytes(panel.budget))
                 : Format.bytes(medley.engine.memoryBytes)
        }
        StarterOffer {
            plain: true
            Layout.fillWidth: true
            Layout.topMargin: Theme.tiny
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            Layout.topMargin: Theme.tiny
            SwitchOff {}
            ActionButton {
                text: qsTr("Bundles …")
                glyph: "bundle"
                onClicked: {
                    panel.close();
                    panel.bundlesAsked();
                }
            }
            ActionButton {
                text: medley.engine.state === "off" ? qsTr("Start") : qsTr("Restart")
                glyph: "chip"
                enabled: medley.engine.state !== "starting"
                onClicked: medley.engine.state === "off" ? medley.engine.start() : medley.engine.restart()
            }
        }
    }
}
