// What makes an attachment here: a sound, a picture or clip of the camera, a picture of the screen.
import QtQuick
import "../controls"

Row {
    IconButton {
        objectName: "recordSoundButton"
        glyph: "microphone"
        label: qsTr("Record sound")
        onClicked: medley.recording.ask("sound")
    }
    IconButton {
        objectName: "cameraButton"
        glyph: "camera"
        label: qsTr("Camera")
        onClicked: medley.recording.ask("camera")
    }
    IconButton {
        objectName: "screenButton"
        glyph: "screen"
        label: qsTr("Screen")
        onClicked: medley.recording.ask("screen")
    }
}
