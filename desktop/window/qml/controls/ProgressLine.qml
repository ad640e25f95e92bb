// How far something is; a wandering piece where nobody knows.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

ProgressBar {
    id: control

    required property string label
    property color tint: Theme.colour.accent

    implicitHeight: Theme.px(6)
    Accessible.name: label

    background: Rectangle {
        radius: height / 2
        color: Theme.colour.pressed
        border.width: Theme.highContrast ? Theme.hair : 0
        border.color: Theme.colour.outline
    }
    contentItem: Item {
        clip: true
        Rectangle {
            id: filled
            height: parent.height
            radius: height / 2
            color: control.tint
            // Where nothing moves, a whole pale line: a piece of it would look like so much done.
            opacity: control.indeterminate && !Theme.moving ? 0.35 : 1
            width: !control.indeterminate ? control.visualPosition * parent.width
                 : Theme.moving ? parent.width * 0.3 : parent.width
            Behavior on width { NumberAnimation { duration: Theme.calm } }
            SequentialAnimation on x {
                running: control.indeterminate && control.visible && Theme.moving
                loops: Animation.Infinite
                NumberAnimation { from: 0; to: control.width * 0.7; duration: 1100; easing.type: Easing.InOutSine }
                NumberAnimation { from: control.width * 0.7; to: 0; duration: 1100; easing.type: Easing.InOutSine }
                onRunningChanged: if (!running) filled.x = 0
            }
        }
    }
}
