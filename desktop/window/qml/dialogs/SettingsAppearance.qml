// Theme, contrast, size, motion, language.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    spacing: Theme.wide

    SheetRow {
        title: qsTr("Theme")
        Choice {
            objectName: "themeBox"
            label: qsTr("Theme")
            model: [
                { value: "system", text: qsTr("As the system") },
                { value: "light", text: qsTr("Light") },
                { value: "dark", text: qsTr("Dark") }
            ]
            chosen: medley.settings.theme
            onActivated: medley.settings.theme = currentValue
        }
    }
    SheetRow {
        title: qsTr("Language")
        Choice {
            objectName: "languageBox"
            label: qsTr("Language")
            model: [
                { value: "system", text: qsTr("As the system") },
                { value: "en", text: "English" },
                { value: "zh_CN", text: "简体中文" }
            ]
            chosen: medley.settings.language
            onActivated: medley.settings.language = currentValue
        }
    }
    SheetRow {
        title: qsTr("Size")
        explanation: qsTr("Of letters, pictures and buttons.")
        Track {
            id: size
            label: qsTr("Size")
            from: 1
            to: 2
            stepSize: 0.1
            snapMode: Slider.SnapAlways
            implicitWidth: Theme.px(150)
            // Applied when released: while it is dragged the slider would grow under the pointer.
            onPressedChanged: if (!pressed) medley.settings.scale = value
            onMoved: if (!pressed) medley.settings.scale = value
            Component.onCompleted: value = medley.settings.scale
        }
        Words {
            text: qsTr("%1 %").arg(Math.round(100 * size.value))
            faint: true
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: Theme.px(46)
        }
    }
    SheetRow {
        title: qsTr("High contrast")
        explanation: qsTr("Black on white or white on black, with clear borders.")
        Toggle {
            label: qsTr("High contrast")
            checked: medley.settings.highContrast
            onToggled: medley.settings.highContrast = checked
        }
    }
    SheetRow {
        title: qsTr("Less motion")
        explanation: qsTr("Nothing fades, slides or pulses.")
        Toggle {
            label: qsTr("Less motion")
            checked: medley.settings.reducedMotion
            onToggled: medley.settings.reducedMotion = checked
        }
    }
}
