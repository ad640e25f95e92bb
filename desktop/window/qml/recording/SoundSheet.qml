// Records a sound: how loud it is while it runs; then trim, play, attach.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property QtObject sound: medley.recording.sound
    readonly property bool recording: sound.state === "recording"
    readonly property bool taken: sound.state === "taken"

    function trouble(kind: string): string {
        return kind === "" ? ""
             : kind === "no_library" ? qsTr("The sound library PortAudio is missing. Install libportaudio2, then try again.")
             : kind === "permission" ? qsTr("This system does not let Medley use the microphone. Allow it in the system's settings, then try again.")
             : kind === "busy" ? qsTr("The sound device is used by another program. Close that program, then try again.")
             : kind === "lost" ? qsTr("The sound device went away. Connect it again, then try again.")
             : taken ? qsTr("There is no loudspeaker to play this on. It can be attached all the same.")
             : qsTr("There is no microphone. Connect one, then try again.");
    }

    objectName: "soundSheet"
    title: qsTr("Record sound")
    footed: true
    onAboutToShow: sound.start()
    onClosed: sound.close()

    contentItem: ColumnLayout {
        spacing: Theme.medium
        Running {
            recording: sheet.recording
            words: sheet.recording ? qsTr("Recording") : sheet.taken ? qsTr("Recorded") : ""
            seconds: sheet.taken ? sheet.sound.end - sheet.sound.begin : sheet.sound.seconds
            visible: sheet.recording || sheet.taken
            Layout.fillWidth: true
        }
        Item {
            visible: sheet.recording || sheet.taken
            implicitHeight: Theme.px(88)
            Layout.fillWidth: true

            Bars {
                anchors.fill: parent
                peaks: sheet.sound.peaks
                live: sheet.recording
                begin: trim.first.value / Math.max(0.01, trim.to)
                end: trim.second.value / Math.max(0.01, trim.to)
                color: Theme.colour.edge
                keptColor: Theme.colour.audio
            }
            Rectangle {
                visible: sheet.taken
                x: sheet.sound.position / Math.max(0.01, trim.to) * parent.width
                width: Theme.px(2)
                height: parent.height
                color: Theme.colour.text
            }
            RangeSlider {
                id: trim

                anchors.fill: parent
                objectName: "trim"
                visible: sheet.taken
                padding: 0
                from: 0
                to: Math.max(0.1, sheet.sound.seconds)
                stepSize: 0.1
                first.value: sheet.sound.begin
                second.value: sheet.sound.end
                first.onMoved: sheet.sound.trim(first.value, second.value)
                second.onMoved: sheet.sound.trim(first.value, second.value)
                background: null
                first.handle: TrimHandle {
                    slider: trim
                    place: trim.first.visualPosition
                    label: qsTr("Beginning of what is kept")
                    value: trim.first.value
                }
                second.handle: TrimHandle {
                    slider: trim
                    place: trim.second.visualPosition
                    label: qsTr("End of what is kept")
                    value: trim.second.value
                }
            }
        }
        Missing { words: sheet.trouble(sheet.sound.problem) }
    }
    foot: [
        ActionButton {
            objectName: "attachRecorded"
            visible: sheet.taken
            text: qsTr("Attach")
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: {
                medley.recording.attachSound();
                sheet.close();
            }
        },
        ActionButton {
            objectName: "stopRecording"
            visible: sheet.recording
            text: qsTr("Stop")
            glyph: "stop"
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: sheet.sound.stop()
        },
        ActionButton {
            objectName: "recordAgain"
            visible: !sheet.recording
            text: sheet.taken ? qsTr("Record again") : qsTr("Try again")
            onClicked: sheet.sound.start()
        },
        ActionButton {
            objectName: "playRecorded"
            visible: sheet.taken
            text: sheet.sound.playing ? qsTr("Pause") : qsTr("Play")
            glyph: sheet.sound.playing ? "pause" : "play"
            onClicked: sheet.sound.playing ? sheet.sound.pause() : sheet.sound.play()
        }
    ]
}
