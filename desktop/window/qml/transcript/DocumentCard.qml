// A document, or what a plugin made and no other card shows: its icon, name and size. A click opens it with the program that the person uses.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Button {
    id: card

    required property Item block

    objectName: "documentCard"
    text: block.name
    width: Math.min(block.row.room, Theme.px(320))
    implicitHeight: Theme.px(64)
    padding: Theme.medium
    focusPolicy: block.reachable || Window.activeFocusItem === card ? Qt.StrongFocus : Qt.NoFocus
    Accessible.name: qsTr("%1: %2. Opens in another program.").arg(Format.kind(block.modality)).arg(block.name)
    Accessible.onPressAction: card.click()
    Keys.onReturnPressed: card.click()
    onClicked: medley.transcript.openExternally(block.mediaId)

    background: Rectangle {
        radius: Theme.radiusMedium
        color: card.down ? Theme.colour.pressed : card.hovered ? Theme.colour.hover : Theme.colour.surface
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
        FocusRing { shown: card.visualFocus; corner: parent.radius }
    }
    contentItem: RowLayout {
        spacing: Theme.medium
        Glyph {
            glyph: "document"
            color: Theme.colour.accent
            size: Theme.px(28)
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            Words {
                text: card.block.name
                strong: true
                elide: Text.ElideMiddle
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                text: [Format.document(card.block.mime) || Format.kind(card.block.modality), Format.bytes(card.block.bytes)].filter((word) => word !== "").join("  ·  ")
                faint: true
                size: Theme.fontSmall
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
    }
    DragHandler {
        target: null
        onActiveChanged: if (active) medley.transcript.dragOut(card.block.mediaId)
    }
}
