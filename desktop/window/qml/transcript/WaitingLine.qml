// Before the first word: the answer has been asked for.
import QtQuick
import "../controls"
import "../theme"

Row {
    id: line

    spacing: Theme.small

    Repeater {
        model: 3
        delegate: Rectangle {
            id: dot
            required property int index
            width: Theme.px(7)
            height: width
            radius: width / 2
            color: Theme.colour.accent
            anchors.verticalCenter: parent ? parent.verticalCenter : undefined
            SequentialAnimation on opacity {
                running: line.visible && Theme.moving
                loops: Animation.Infinite
                PauseAnimation { duration: dot.index * 180 }
                NumberAnimation { from: 1; to: 0.25; duration: 420 }
                NumberAnimation { from: 0.25; to: 1; duration: 420 }
                PauseAnimation { duration: (2 - dot.index) * 180 }
            }
        }
    }
    Words {
        objectName: "waitingWords"
        text: medley.engine.ahead === 1 ? qsTr("Waiting: another answer comes first …")
            : medley.engine.ahead > 1 ? qsTr("Waiting: %1 other answers come first …").arg(medley.engine.ahead)
            : medley.engine.state === "starting" || medley.engine.state === "loading" || medley.engine.state === "off"
              ? qsTr("The model is being loaded …") : qsTr("Thinking …")
        faint: true
    }
}
