// The model that answers this conversation. A click shows all there are.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Button {
    id: control

    readonly property bool wrong: medley.picker.missing || medley.picker.problem !== ""
    readonly property color ink: wrong ? Theme.colour.danger : hovered || visualFocus ? Theme.colour.text : Theme.colour.muted

    objectName: "modelButton"
    text: Format.bundle(medley.picker.title)
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.px(28)
    implicitWidth: content.implicitWidth + leftPadding + rightPadding
    leftPadding: Theme.small
    rightPadding: Theme.small
    topPadding: 0
    bottomPadding: 0
    Accessible.name: medley.picker.missing ? qsTr("Model: %1, which is not here any more").arg(text)
                   : wrong ? qsTr("Model: %1, which cannot be used").arg(text)
                   : qsTr("Model: %1").arg(text)
    Accessible.description: "Ctrl+M"
    Accessible.onPressAction: control.click()
    Keys.onReturnPressed: control.click()
    Keys.onEnterPressed: control.click()
    ToolTip.text: qsTr("The model that answers this conversation (Ctrl+M)")
    ToolTip.delay: 600
    ToolTip.visible: (hovered || visualFocus) && !pressed

    background: Rectangle {
        radius: Theme.radiusSmall
        color: control.down ? Theme.colour.pressed : control.hovered ? Theme.colour.hover : "transparent"
        border.width: Theme.highContrast && control.hovered ? Theme.hair : 0
        border.color: Theme.colour.outline
        FocusRing { shown: control.visualFocus; gap: 0; corner: parent.radius }
    }
    contentItem: RowLayout {
        id: content
        spacing: Theme.tiny
        Glyph {
            glyph: control.wrong ? "warning" : "bundle"
            size: Theme.px(16)
            color: control.ink
        }
        Words {
            text: control.text
            size: Theme.px(13)
            color: control.ink
            elide: Text.ElideMiddle
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.px(280)
            Accessible.ignored: true
        }
        Glyph {
            glyph: "down"
            size: Theme.px(14)
            color: control.ink
        }
    }
}
