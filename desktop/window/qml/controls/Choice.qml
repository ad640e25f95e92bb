// One of several. `chosen` is the value of the one that is; it stays so when the words change.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

ComboBox {
    id: control

    required property string label
    required property string chosen

    function show() {
        currentIndex = indexOfValue(chosen);
    }

    onChosenChanged: show()
    onModelChanged: show()
    Component.onCompleted: show()

    implicitHeight: Theme.control
    implicitWidth: Theme.px(200)
    leftPadding: Theme.medium
    rightPadding: Theme.small
    font.pixelSize: Theme.fontUi
    focusPolicy: Qt.StrongFocus
    textRole: "text"
    valueRole: "value"
    Accessible.name: label

    contentItem: Words {
        text: control.displayText
        rightPadding: Theme.px(16) + Theme.tiny
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
    indicator: Glyph {
        glyph: "down"
        size: Theme.px(16)
        x: control.width - width - Theme.small
        y: (control.height - height) / 2
    }
    background: Rectangle {
        radius: Theme.radiusMedium
        color: control.hovered ? Theme.colour.hover : Theme.colour.surface
        border.width: control.visualFocus ? Theme.ring : Theme.hair
        border.color: control.visualFocus ? Theme.colour.focus : Theme.colour.outline
    }
    delegate: ItemDelegate {
        id: line

        required property var model
        required property int index

        width: ListView.view ? ListView.view.width : control.width
        implicitHeight: Theme.px(34)
        text: model[control.textRole]
        font.pixelSize: Theme.fontUi
        font.weight: control.currentIndex === index ? Font.DemiBold : Font.Normal
        palette.text: Theme.colour.text
        palette.highlightedText: Theme.colour.text
        highlighted: control.highlightedIndex === index
        Accessible.name: text
        background: Rectangle {
            radius: Theme.radiusSmall
            color: line.highlighted ? Theme.colour.hover : "transparent"
            border.width: !line.highlighted ? 0 : Theme.highContrast ? Theme.ring : Theme.hair
            border.color: Theme.colour.focus
        }
    }
    popup: Popup {
        y: control.height + Theme.tiny
        width: control.width
        implicitHeight: contentItem.implicitHeight + 2 * padding
        padding: Theme.tiny
        contentItem: ListView {
            clip: true
            implicitHeight: Math.min(contentHeight, Theme.px(280))
            model: control.popup.visible ? control.delegateModel : null
            currentIndex: control.highlightedIndex
            ScrollBar.vertical: ThinScrollBar {}
        }
        background: Rectangle {
            color: Theme.colour.raised
            border.width: Theme.hair
            border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
            radius: Theme.radiusMedium
        }
    }
}
