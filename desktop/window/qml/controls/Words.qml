// A piece of text in the type and colour of the theme.
import QtQuick
import "../theme"

Text {
    property bool strong: false
    property bool faint: false
    property int size: Theme.fontUi

    color: faint ? Theme.colour.muted : Theme.colour.text
    font.pixelSize: size
    font.weight: strong ? Font.DemiBold : Font.Normal
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
