// How loud it is at the microphone, as bars that move; still where motion is not wanted.
import QtQuick
import "../theme"

Item {
    id: bars

    property real level: 0
    property color tint: Theme.colour.accent

    objectName: "levelBars"
    implicitWidth: row.implicitWidth
    implicitHeight: Theme.px(18)
    Accessible.ignored: true

    Row {
        id: row
        anchors.centerIn: parent
        height: parent.height
        spacing: Theme.px(3)

        Repeater {
            model: [0.35, 0.7, 1, 0.7, 0.35]
            Rectangle {
                objectName: "levelBar"
                required property real modelData
                width: Theme.px(4)
                height: Math.max(width, bars.height * Math.min(1, bars.level * 1.3) * modelData)
                radius: width / 2
                anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                color: bars.tint
                Behavior on height { NumberAnimation { duration: Theme.quick } }
            }
        }
    }
}
