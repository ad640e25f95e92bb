// How pictures, sounds and clips are rendered.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    spacing: Theme.wide

    component Steps: SheetRow {
        id: steps

        property int value: 0
        readonly property int shown: Math.round(track.value)

        signal chosen(count: int)

        Track {
            id: track
            label: steps.title
            from: 0
            to: medley.settings.stepsMax
            stepSize: 1
            snapMode: Slider.SnapAlways
            value: steps.value
            implicitWidth: Theme.px(150)
            onMoved: steps.chosen(steps.shown)
        }
        Words {
            text: steps.shown === 0 ? qsTr("bundle's own") : steps.shown
            faint: true
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: Theme.px(96)
        }
    }

    Words {
        text: qsTr("More steps take longer and are often better, up to a point. The bundle knows a good number.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    Steps {
        title: qsTr("Steps of a picture")
        value: medley.settings.stepsImage
        onChosen: (count) => medley.settings.stepsImage = count
    }
    Steps {
        title: qsTr("Steps of a sound")
        value: medley.settings.stepsAudio
        onChosen: (count) => medley.settings.stepsAudio = count
    }
    Steps {
        title: qsTr("Steps of a clip")
        value: medley.settings.stepsVideo
        onChosen: (count) => medley.settings.stepsVideo = count
    }
    SheetRow {
        title: qsTr("Show a first look while rendering")
        explanation: qsTr("Takes a little time of its own.")
        Toggle {
            label: qsTr("Show a first look while rendering")
            checked: medley.settings.previews
            onToggled: medley.settings.previews = checked
        }
    }
    SheetRow {
        title: qsTr("Tell me when a long answer is done")
        explanation: qsTr("With a note on the desktop, while you look at something else.")
        Toggle {
            objectName: "notifyAnswers"
            label: qsTr("Tell me when a long answer is done")
            checked: medley.settings.notifyAnswers
            onToggled: medley.settings.notifyAnswers = checked
        }
    }
}
