// One of the window's own drawings, in any colour.
import QtQuick
import QtQuick.Controls.impl
import "../theme"

IconImage {
    required property string glyph
    property int size: Theme.icon

    source: Theme.glyph(glyph)
    sourceSize: Qt.size(size, size)
    width: size
    height: size
    color: Theme.colour.muted
    Accessible.ignored: true
}
