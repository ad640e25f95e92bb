// One medium of the gallery: how it looks, what it is called, and saving it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

AbstractButton {
    id: tile

    required property int index
    required property string mediaId
    required property string modality
    required property url thumbnail
    required property string name
    required property string title
    required property string conversationId
    required property string messageId
    required property bool made
    required property real time
    required property real duration
    property bool pointed: false
    readonly property string called: made && title !== "" ? title : name

    signal saveAsked()
    signal menuAsked(x: real, y: real)

    focusPolicy: Qt.NoFocus
    padding: Theme.tiny
    text: called
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2").arg(Format.kind(modality)).arg(called)
    Accessible.description: Format.date(time)
    ToolTip.text: called
    ToolTip.delay: 700
    ToolTip.visible: hovered && !save.hovered

    HoverHandler { cursorShape: Qt.PointingHandCursor }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: (point) => tile.menuAsked(point.position.x, point.position.y)
    }

    contentItem: ColumnLayout {
        spacing: Theme.px(2)

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Rectangle {
                anchors.fill: parent
                color: tile.hovered ? Theme.colour.pressed : Theme.colour.hover
                radius: Theme.radiusMedium
            }
            PictureView {
                anchors.fill: parent
                source: tile.thumbnail
                crop: true
            }
            Glyph {
                visible: tile.thumbnail.toString() === ""
                glyph: Theme.drawing(tile.modality)
                color: Theme.hue(tile.modality)
                size: Theme.px(36)
                anchors.centerIn: parent
            }
            Rectangle {
                visible: tile.duration > 0
                width: time.implicitWidth + 2 * Theme.tiny
                height: time.implicitHeight + Theme.px(2)
                radius: Theme.radiusSmall
                color: Theme.colour.raised
                anchors { left: parent.left; bottom: parent.bottom; margins: Theme.tiny }
                Words {
                    id: time
                    text: Format.clock(tile.duration)
                    size: Theme.fontSmall
                    anchors.centerIn: parent
                    Accessible.ignored: true
                }
            }
            CornerMask { behind: Theme.colour.raised; corner: Theme.radiusMedium }
            FocusRing { shown: tile.pointed; gap: -Theme.ring; corner: Theme.radiusMedium }
            Rectangle {
                visible: save.visible
                anchors.fill: save
                radius: Theme.radiusSmall
                color: Theme.colour.raised
            }
            IconButton {
                id: save
                visible: tile.hovered || tile.pointed
                glyph: "save"
                label: qsTr("Save “%1” as …").arg(tile.name)
                reachable: tile.pointed
                size: Theme.px(28)
                glyphSize: Theme.px(16)
                anchors { right: parent.right; top: parent.top; margins: Theme.tiny }
                onClicked: tile.saveAsked()
            }
        }
        Words {
            text: tile.called
            size: Theme.fontSmall
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
        Words {
            text: Format.day(tile.time)
            faint: true
            size: Theme.fontSmall
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
    }
    background: null
}
