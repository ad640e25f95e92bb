// Says that something is being recorded: a dot, the word and the time.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

RowLayout {
    id: running

    property bool recording: false
    property string words: recording ? qsTr("Recording") : ""
    property real seconds: 0
    property real most: 0

    spacing: Theme.small
    Accessible.role: Accessible.StatusBar
    Accessible.name: words + " " + Format.clock(seconds)

    Rectangle {
        implicitWidth: Theme.px(10)
        implicitHeight: implicitWidth
        radius: width / 2
        color: Theme.colour.danger
        visible: running.recording
        SequentialAnimation on opacity {
            running: running.recording && Theme.moving
            loops: Animation.Infinite
            alwaysRunToEnd: true
            NumberAnimation { to: 0.25; duration: 700 }
            NumberAnimation { to: 1; duration: 700 }
        }
    }
    Words {
        objectName: "recordingWords"
        text: running.words
        strong: running.recording
        Layout.fillWidth: true
    }
    Words {
        objectName: "recordingClock"
        text: running.most > 0 ? qsTr("%1 of %2").arg(Format.clock(running.seconds)).arg(Format.clock(running.most))
                               : Format.clock(running.seconds)
        faint: true
        font.features: { "tnum": 1 }
    }
}
