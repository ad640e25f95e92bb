// One attached file: a small picture of it, its name, and a way to take it away. It can be dragged.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

FocusScope {
    id: chip

    required property int index
    required property string key
    required property string name
    required property string modality
    required property url thumbnail
    required property real bytes
    required property real duration
    required property string problem
    required property string refusal
    required property bool ready
    property bool pointed: false
    readonly property bool refused: problem !== ""
    readonly property string why: refusal === "unknown" ? qsTr("Medley cannot read this kind of file")
        : refusal === "empty" ? qsTr("This file is empty")
        : refusal === "missing" ? qsTr("This file is not there any more")
        : refusal === "folder" ? qsTr("This is a folder: give the files in it")
        : refusal === "denied" ? qsTr("This file may not be read")
        : refusal === "special" ? qsTr("This is a device, not a file")
        : refusal === "broken" ? qsTr("This file is broken or cut short")
        : Format.sentence(problem)

    signal removeAsked()
    signal dropped(center: real)

    implicitWidth: Theme.px(refused ? 320 : 220)
    implicitHeight: Theme.px(58)
    z: drag.active ? 1 : 0
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2").arg(Format.kind(modality)).arg(name)
    Accessible.description: refused ? qsTr("%1. It is not sent.").arg(why) : qsTr("Delete takes it away, Ctrl with the arrow keys moves it")

    Rectangle {
        id: body

        width: chip.width
        height: chip.height
        radius: Theme.radiusMedium
        color: chip.refused ? Theme.colour.dangerSoft : Theme.colour.hover
        border.width: chip.refused || Theme.highContrast || drag.active ? Theme.hair : 0
        border.color: chip.refused ? Theme.colour.danger : Theme.colour.outline

        ToolTip.visible: chip.refused && hover.hovered
        ToolTip.text: qsTr("%1. It is not sent.").arg(chip.why)
        ToolTip.delay: 400

        HoverHandler { id: hover; cursorShape: drag.active ? Qt.ClosedHandCursor : Qt.OpenHandCursor }
        DragHandler {
            id: drag
            yAxis.enabled: false
            onActiveChanged: if (!active) {
                const center = chip.x + body.x + body.width / 2;
                body.x = 0;
                chip.dropped(center);
            }
        }
        FocusRing { shown: chip.pointed; gap: -Theme.ring }

        RowLayout {
            anchors { fill: parent; margins: Theme.small }
            spacing: Theme.small

            Item {
                implicitWidth: Theme.px(42)
                implicitHeight: implicitWidth
                Rectangle {
                    anchors.fill: parent
                    color: Theme.colour.pressed
                }
                PictureView {
                    anchors.fill: parent
                    source: chip.thumbnail
                    crop: true
                }
                Glyph {
                    visible: chip.thumbnail.toString() === ""
                    glyph: chip.refused ? "warning" : chip.modality === "" ? "" : Theme.drawing(chip.modality)
                    color: chip.refused ? Theme.colour.danger : Theme.hue(chip.modality)
                    anchors.centerIn: parent
                }
                CornerMask { behind: body.color; corner: Theme.radiusSmall }
            }
            ColumnLayout {
                spacing: Theme.px(2)
                Layout.fillWidth: true
                Words {
                    text: chip.name
                    elide: Text.ElideMiddle
                    wrapMode: Text.NoWrap
                    size: Theme.px(13)
                    Layout.fillWidth: true
                }
                Words {
                    text: chip.refused ? chip.why
                        : !chip.ready ? qsTr("Reading …")
                        : chip.duration > 0 ? qsTr("%1 · %2").arg(Format.clock(chip.duration)).arg(Format.bytes(chip.bytes))
                        : Format.bytes(chip.bytes)
                    color: chip.refused ? Theme.colour.danger : Theme.colour.muted
                    size: Theme.fontSmall
                    elide: Text.ElideRight
                    wrapMode: chip.refused ? Text.Wrap : Text.NoWrap
                    maximumLineCount: chip.refused ? 2 : 1
                    Layout.fillWidth: true
                }
            }
            IconButton {
                glyph: "close"
                label: qsTr("Take away %1").arg(chip.name)
                size: Theme.px(26)
                glyphSize: Theme.px(14)
                reachable: chip.pointed
                onClicked: chip.removeAsked()
            }
        }
    }
}
