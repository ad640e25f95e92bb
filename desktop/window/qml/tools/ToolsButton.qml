// Whether the model may ask for tools here, and the folders they may reach into. A click shows all.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Button {
    id: control

    readonly property QtObject here: medley.tools.here
    readonly property bool on: here.on
    readonly property bool roomy: here.folderCount > 0 && on
    readonly property string told: here.folderCount === 1 ? here.told : qsTr("%1 folders").arg(here.folderCount)
    readonly property color ink: on ? Theme.colour.softInk : hovered || visualFocus ? Theme.colour.text : Theme.colour.muted

    objectName: "toolsButton"
    text: !on ? qsTr("Tools are off in this conversation")
        : roomy ? qsTr("Tools are on in this conversation, with %1").arg(told) : qsTr("Tools are on in this conversation")
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.px(32)
    implicitWidth: roomy ? content.implicitWidth + 2 * Theme.small : Theme.px(32)
    padding: 0
    Accessible.name: text
    Accessible.description: qsTr("Shows the tools and the folders")
    Accessible.onPressAction: control.click()
    Keys.onReturnPressed: control.click()
    Keys.onEnterPressed: control.click()
    ToolTip.text: text
    ToolTip.delay: 600
    ToolTip.visible: (hovered || visualFocus) && !pressed

    background: Rectangle {
        radius: Theme.radiusSmall
        color: control.down ? Theme.colour.pressed : control.on ? Theme.colour.soft : control.hovered ? Theme.colour.hover : "transparent"
        border.width: Theme.highContrast && (control.on || control.hovered) ? Theme.hair : 0
        border.color: Theme.colour.outline
        FocusRing { shown: control.visualFocus; gap: 0; corner: parent.radius }
    }
    contentItem: Item {
        RowLayout {
            id: content
            anchors.centerIn: parent
            spacing: Theme.tiny
            Item {
                implicitWidth: Theme.icon
                implicitHeight: Theme.icon
                Glyph {
                    glyph: "tool"
                    color: control.ink
                }
                // Not by its colour alone.
                Rectangle {
                    visible: !control.on
                    anchors.centerIn: parent
                    width: Theme.px(20)
                    height: Theme.px(2)
                    rotation: -45
                    color: control.ink
                }
            }
            Glyph {
                visible: control.roomy
                glyph: "folder"
                size: Theme.px(15)
                color: control.ink
            }
            Words {
                visible: control.roomy
                text: control.told
                size: Theme.fontSmall
                color: control.ink
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.maximumWidth: Theme.px(110)
                Accessible.ignored: true
            }
        }
    }
}
