// A switch.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

Switch {
    id: control

    required property string label

    implicitWidth: Theme.px(44)
    implicitHeight: Theme.px(28)
    padding: 0
    focusPolicy: Qt.StrongFocus
    Accessible.name: label

    indicator: Rectangle {
        implicitWidth: Theme.px(44)
        implicitHeight: Theme.px(26)
        y: (control.height - height) / 2
        radius: height / 2
        color: control.checked ? Theme.colour.accent : Theme.colour.pressed
        border.width: control.checked ? 0 : Theme.hair
        border.color: Theme.colour.outline
        Rectangle {
            x: control.checked ? parent.width - width - Theme.px(3) : Theme.px(3)
            anchors.verticalCenter: parent.verticalCenter
            width: parent.height - Theme.px(6)
            height: width
            radius: width / 2
            color: control.checked ? Theme.colour.accentInk : Theme.colour.muted
            Behavior on x { NumberAnimation { duration: Theme.quick } }
        }
        FocusRing { shown: control.visualFocus; corner: parent.radius }
    }
    contentItem: Item {}
}
