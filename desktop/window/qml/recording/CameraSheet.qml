// Shows what the camera sees, takes a picture or a clip of at most ten seconds; that is trimmed and played.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property QtObject camera: medley.recording.camera
    readonly property string state: camera.state
    readonly property bool taken: state === "picture" || state === "clip"

    function trouble(kind: string): string {
        return kind === "" ? ""
             : kind === "permission" ? qsTr("This system does not let Medley use the camera. Allow it in the system's settings, then try again.")
             : kind === "busy" ? qsTr("The camera is used by another program. Close that program, then try again.")
             : kind === "lost" ? qsTr("The camera gives no pictures any more. Connect it again, then try again.")
             : kind === "uncut" ? qsTr("The clip could not be cut. Keep all of it, or take it again.")
             : qsTr("There is no camera. Connect one, then try again.");
    }

    objectName: "cameraSheet"
    title: qsTr("Camera")
    wish: Theme.px(600)
    footed: true
    Connections {
        target: medley.recording
        function onAttached() { sheet.close() }
    }
    onAboutToShow: camera.start()
    onClosed: camera.close()

    contentItem: ColumnLayout {
        spacing: Theme.medium
        Rectangle {
            visible: sheet.state !== "failed"
            color: "black"
            radius: Theme.radiusSmall
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: Theme.px(330)
            Live {
                objectName: "cameraView"
                anchors.fill: parent
                image: sheet.camera.image
            }
        }
        Running {
            visible: sheet.state !== "failed"
            recording: sheet.state === "recording"
            words: sheet.state === "recording" ? qsTr("Recording")
                 : sheet.state === "saving" ? qsTr("Writing the clip …")
                 : sheet.state === "clip" ? qsTr("Clip taken")
                 : sheet.state === "picture" ? qsTr("Picture taken")
                 : sheet.camera.seen ? qsTr("The camera is on") : qsTr("Waiting for the camera …")
            seconds: sheet.state === "clip" && sheet.camera.duration > 0 ? sheet.camera.end - sheet.camera.begin : sheet.camera.seconds
            most: sheet.state === "recording" ? 10 : 0
            Layout.fillWidth: true
        }
        Item {
            visible: sheet.state === "clip" && sheet.camera.duration > 0
            implicitHeight: Theme.px(36)
            Layout.fillWidth: true

            Rectangle {
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter }
                height: Theme.px(6)
                radius: height / 2
                color: Theme.colour.edge
                Rectangle {
                    x: parent.width * trim.first.position
                    width: parent.width * (trim.second.position - trim.first.position)
                    height: parent.height
                    color: Theme.colour.video
                }
            }
            Rectangle {
                x: sheet.camera.position / Math.max(0.01, trim.to) * parent.width
                width: Theme.px(2)
                height: parent.height
                color: Theme.colour.text
            }
            RangeSlider {
                id: trim

                anchors.fill: parent
                objectName: "trimClip"
                padding: 0
                from: 0
                to: Math.max(0.2, sheet.camera.duration)
                stepSize: 0.1
                first.value: sheet.camera.begin
                second.value: sheet.camera.end
                first.onMoved: sheet.camera.trim(first.value, second.value)
                second.onMoved: sheet.camera.trim(first.value, second.value)
                background: null
                first.handle: TrimHandle {
                    slider: trim
                    place: trim.first.visualPosition
                    label: qsTr("Beginning of what is kept")
                    value: trim.first.value
                    color: Theme.colour.video
                }
                second.handle: TrimHandle {
                    slider: trim
                    place: trim.second.visualPosition
                    label: qsTr("End of what is kept")
                    value: trim.second.value
                    color: Theme.colour.video
                }
            }
        }
        Missing { words: sheet.trouble(sheet.camera.problem) }
    }
    foot: [
        ActionButton {
            objectName: "attachTaken"
            visible: sheet.taken
            text: qsTr("Attach")
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: medley.recording.attachCamera()
        },
        ActionButton {
            objectName: "takePicture"
            visible: sheet.state === "live"
            enabled: sheet.camera.seen
            text: qsTr("Take a picture")
            glyph: "camera"
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: sheet.camera.takePicture()
        },
        ActionButton {
            objectName: "recordClip"
            visible: sheet.state === "live"
            enabled: sheet.camera.seen
            text: qsTr("Record a clip")
            glyph: "record"
            onClicked: sheet.camera.record()
        },
        ActionButton {
            objectName: "stopClip"
            visible: sheet.state === "recording"
            text: qsTr("Stop")
            glyph: "stop"
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: sheet.camera.stop()
        },
        ActionButton {
            objectName: "playClip"
            visible: sheet.state === "clip"
            text: sheet.camera.playing ? qsTr("Pause") : qsTr("Play")
            glyph: sheet.camera.playing ? "pause" : "play"
            onClicked: sheet.camera.playing ? sheet.camera.pause() : sheet.camera.play()
        },
        ActionButton {
            objectName: "cameraAgain"
            visible: sheet.taken || sheet.state === "failed"
            text: sheet.taken ? qsTr("Take again") : qsTr("Try again")
            onClicked: sheet.camera.start()
        }
    ]
}
