// Something that a person should know before using a model.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

RowLayout {
    id: line

    required property string text

    spacing: Theme.small

    Glyph {
        glyph: "warning"
        color: Theme.colour.warning
        Layout.alignment: Qt.AlignTop
    }
    Words {
        text: line.text
        lineHeight: 1.25
        Layout.fillWidth: true
    }
}
