// Where the engine runs and how much memory it may take.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    signal bundlesAsked()

    spacing: Theme.wide

    RemoteRows {}
    SheetRow {
        title: qsTr("Bundle")
        explanation: Format.bundle(medley.engine.bundle)
        ActionButton {
            text: qsTr("Bundles …")
            glyph: "bundle"
            onClicked: page.bundlesAsked()
        }
    }
    SheetRow {
        visible: medley.remotes.chosen === ""
        title: qsTr("Device")
        explanation: medley.engine.device === "" ? "" : qsTr("Now: %1").arg(medley.engine.device)
        Choice {
            label: qsTr("Device")
            model: Array.from(medley.settings.devices, (name) => ({
                value: name,
                text: name === "auto" ? qsTr("The best there is") : name === "cpu" ? qsTr("Processor") : name
            }))
            objectName: "deviceBox"
            chosen: medley.settings.device
            onActivated: medley.settings.device = currentValue
        }
    }
    SheetRow {
        visible: medley.remotes.chosen === ""
        title: qsTr("Memory budget")
        explanation: qsTr("What the engine may hold. Parts that were not used for long leave first.")
        Track {
            id: budget
            label: qsTr("Memory budget")
            from: 0
            to: Math.max(512, medley.settings.memoryTotalMb)
            stepSize: 256
            snapMode: Slider.SnapAlways
            value: medley.settings.memoryBudgetMb
            implicitWidth: Theme.px(150)
            onMoved: medley.settings.memoryBudgetMb = Math.round(value)
        }
        Words {
            text: budget.value < 1 ? qsTr("automatic") : Format.bytes(budget.value * 1048576)
            faint: true
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: Theme.px(84)
        }
    }
}
