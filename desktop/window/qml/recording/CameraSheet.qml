// Shows what the camera sees, takes a picture or a clip of at most ten seconds.
import QtQuick
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
             : qsTr("There is no camera. Connect one, then try again.");
    }

    objectName: "cameraSheet"
    title: qsTr("Camera")
    wish: Theme.px(600)
    footed: true
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
            seconds: sheet.camera.seconds
            most: sheet.state === "recording" ? 10 : 0
            Layout.fillWidth: true
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
            onClicked: {
                medley.recording.attachCamera();
                sheet.close();
            }
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
            objectName: "cameraAgain"
            visible: sheet.taken || sheet.state === "failed"
            text: sheet.taken ? qsTr("Take again") : qsTr("Try again")
            onClicked: sheet.camera.start()
        }
    ]
}
