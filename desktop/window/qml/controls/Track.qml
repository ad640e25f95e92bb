// A slider: a value between two ends, by pointer and by arrow keys.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

Slider {
    id: control

    required property string label
    property bool reachable: true
    property color tint: Theme.colour.accent

    implicitHeight: Theme.px(28)
    padding: 0
    // Never taken away from what the window takes for focused: Qt forbids it.
    focusPolicy: reachable || Window.activeFocusItem === control ? Qt.StrongFocus : Qt.NoFocus
    Accessible.name: label

    background: Rectangle {
        x: 0
        y: (control.height - height) / 2
        width: control.width
        height: Theme.px(4)
        radius: height / 2
        color: Theme.colour.pressed
        border.width: Theme.highContrast ? Theme.hair : 0
        border.color: Theme.colour.outline
        Rectangle {
            width: control.visualPosition * (parent.width - control.handle.width) + control.handle.width / 2
            height: parent.height
            radius: height / 2
            color: control.tint
        }
    }
    handle: Rectangle {
        x: control.visualPosition * (control.width - width)
        y: (control.height - height) / 2
        width: Theme.px(14)
        height: width
        radius: width / 2
        color: control.tint
        FocusRing { shown: control.visualFocus; corner: parent.radius }
    }
}
