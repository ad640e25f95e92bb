// Says on which other computer an answer was made.
import QtQuick
import "../controls"
import "../theme"

Item {
    id: badge

    required property string place

    objectName: "placeBadge"
    implicitWidth: pill.width + Theme.small
    implicitHeight: Theme.px(28)
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Made on %1").arg(place)

    Rectangle {
        id: pill
        x: Theme.px(6)
        anchors.verticalCenter: parent.verticalCenter
        width: content.width + 2 * Theme.small
        height: Theme.px(20)
        radius: height / 2
        color: Theme.colour.soft
        border.width: Theme.highContrast ? Theme.hair : 0
        border.color: Theme.colour.text
        Row {
            id: content
            anchors.centerIn: parent
            spacing: Theme.tiny
            Glyph {
                glyph: "server"
                color: Theme.colour.softInk
                size: Theme.px(12)
                anchors.verticalCenter: parent.verticalCenter
            }
            Words {
                text: badge.place
                color: Theme.colour.softInk
                size: Theme.fontSmall
                elide: Text.ElideMiddle
                wrapMode: Text.NoWrap
                width: Math.min(implicitWidth, Theme.px(160))
                Accessible.ignored: true
            }
        }
    }
}
