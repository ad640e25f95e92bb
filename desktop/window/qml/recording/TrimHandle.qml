// One end of what is kept of a sound, by pointer and by arrow keys.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Rectangle {
    id: handle

    required property RangeSlider slider
    required property real place
    required property string label
    required property real value

    x: place * (slider.width - width)
    width: Theme.px(10)
    height: slider.height
    radius: Theme.px(4)
    color: Theme.colour.audio
    Accessible.role: Accessible.Slider
    Accessible.name: label
    Accessible.description: Format.clock(value)

    Rectangle {
        anchors.centerIn: parent
        width: Theme.px(2)
        height: parent.height / 3
        radius: Theme.hair
        color: Theme.colour.raised
    }
    FocusRing { shown: handle.activeFocus; corner: parent.radius }
}
