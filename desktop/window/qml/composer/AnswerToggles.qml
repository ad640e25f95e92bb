// Which kinds the answer may hold. What is switched off here the model cannot make.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

RowLayout {
    id: toggles

    spacing: Theme.tiny

    Rectangle {
        visible: toggles.width > Theme.px(330)
        implicitWidth: Theme.hair
        implicitHeight: Theme.px(18)
        color: Theme.colour.line
        Layout.rightMargin: Theme.small
    }
    Words {
        visible: toggles.width > Theme.px(330)
        text: qsTr("May answer with")
        faint: true
        size: Theme.fontSmall
        Layout.rightMargin: Theme.tiny
    }
    Repeater {
        model: medley.composer.available
        delegate: Button {
            id: chip

            required property string modelData
            readonly property bool on: medley.composer.allowed.indexOf(modelData) >= 0

            text: Format.kind(modelData)
            checkable: true
            checked: on
            focusPolicy: Qt.StrongFocus
            implicitHeight: Theme.px(30)
            leftPadding: Theme.small
            rightPadding: Theme.small
            topPadding: 0
            bottomPadding: 0
            spacing: Theme.tiny
            display: toggles.width > Theme.px(470) ? AbstractButton.TextBesideIcon : AbstractButton.IconOnly
            font.pixelSize: Theme.fontSmall
            font.weight: on ? Font.DemiBold : Font.Normal
            font.strikeout: !on
            icon.source: Theme.glyph(Theme.drawing(modelData))
            icon.width: Theme.px(16)
            icon.height: Theme.px(16)
            icon.color: on ? Theme.hue(modelData) : Theme.colour.outline
            palette.buttonText: on ? Theme.colour.text : Theme.colour.muted
            Accessible.role: Accessible.CheckBox
            Accessible.name: qsTr("May answer with: %1").arg(text)
            Accessible.onPressAction: chip.click()
            Keys.onReturnPressed: chip.click()
            onClicked: {
                medley.composer.setAllowed(modelData, !on);
                checked = Qt.binding(() => on);
            }
            ToolTip.text: on ? qsTr("%1: allowed in the answer").arg(text) : qsTr("%1: not allowed in the answer").arg(text)
            ToolTip.delay: 600
            ToolTip.visible: hovered || visualFocus

            background: Rectangle {
                radius: height / 2
                color: chip.hovered ? Theme.colour.hover : "transparent"
                border.width: Theme.hair
                border.color: chip.on ? Theme.colour.edge : chip.hovered ? Theme.colour.line : "transparent"
                Rectangle {
                    visible: !chip.on && chip.display === AbstractButton.IconOnly
                    anchors.centerIn: parent
                    width: Theme.px(20)
                    height: Theme.px(2)
                    rotation: -45
                    color: Theme.colour.outline
                }
                FocusRing { shown: chip.visualFocus; gap: 0; corner: parent.radius }
            }
        }
    }
    Item { Layout.fillWidth: true }
}
