// What a tool may touch, one line each.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: touches

    required property var kinds

    spacing: Theme.tiny

    Repeater {
        model: touches.kinds
        delegate: RowLayout {
            id: line

            required property string modelData

            spacing: Theme.small
            Layout.fillWidth: true
            Glyph {
                glyph: ToolWords.touchGlyph(line.modelData)
                size: Theme.px(16)
                color: ToolWords.isGrave(line.modelData) ? Theme.colour.warning : Theme.colour.muted
                Layout.alignment: Qt.AlignTop
            }
            Words {
                text: ToolWords.touch(line.modelData)
                size: Theme.px(13)
                lineHeight: 1.25
                Layout.fillWidth: true
            }
        }
    }
}
