// Everything that was made and given, the newest first: go to where it is, save it, look for more.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property var kinds: [
        { kind: "", text: qsTr("All") },
        { kind: "image", text: qsTr("Pictures") },
        { kind: "audio", text: qsTr("Sounds") },
        { kind: "video", text: qsTr("Clips") },
        { kind: "document", text: qsTr("Documents") }
    ]

    signal saveAsked(mediaId: string, name: string)
    signal went()

    function goTo(tile: Item) {
        const conversation = tile.conversationId, message = tile.messageId;
        close();
        medley.conversations.openHit(conversation, message);
        went();
    }

    objectName: "gallerySheet"
    title: qsTr("Gallery")
    wish: Theme.px(900)
    height: parent ? Math.min(Theme.px(720), parent.height - 2 * Theme.large) : 0
    onAboutToShow: medley.gallery.open()
    onClosed: medley.gallery.close()

    contentItem: ColumnLayout {
        spacing: Theme.medium

        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            Repeater {
                model: sheet.kinds
                delegate: ActionButton {
                    required property var modelData
                    readonly property bool chosen: medley.gallery.modality === modelData.kind
                    objectName: "galleryKind/" + modelData.kind
                    text: modelData.text
                    implicitHeight: Theme.px(32)
                    quiet: !chosen
                    primary: chosen
                    Accessible.role: Accessible.RadioButton
                    Accessible.checked: chosen
                    onClicked: medley.gallery.modality = modelData.kind
                }
            }
            Choice {
                objectName: "galleryOrigin"
                label: qsTr("Where they are from")
                implicitHeight: Theme.px(32)
                implicitWidth: Theme.px(190)
                model: [
                    { value: "", text: qsTr("Made and given") },
                    { value: "made", text: qsTr("Made here") },
                    { value: "given", text: qsTr("Given by you") }
                ]
                chosen: medley.gallery.origin
                onActivated: medley.gallery.origin = currentValue
            }
        }
        GridView {
            id: grid

            readonly property int columns: Math.max(2, Math.floor(width / Theme.px(150)))

            objectName: "galleryGrid"
            model: medley.gallery
            clip: true
            cellWidth: Math.floor((width - Theme.medium) / columns)
            cellHeight: cellWidth + Theme.px(30)
            cacheBuffer: 0
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: sheet.title
            ScrollBar.vertical: ThinScrollBar {}
            Keys.onReturnPressed: if (currentItem) sheet.goTo(currentItem)
            Keys.onEnterPressed: if (currentItem) sheet.goTo(currentItem)
            Keys.onPressed: (event) => {
                if (!currentItem)
                    return;
                if (event.matches(StandardKey.Save))
                    currentItem.saveAsked();
                else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier))
                    currentItem.menuAsked(currentItem.width / 2, currentItem.height / 2);
                else
                    return;
                event.accepted = true;
            }
            delegate: GalleryTile {
                id: tile
                width: grid.cellWidth
                height: grid.cellHeight
                pointed: GridView.isCurrentItem && grid.activeFocus
                onClicked: sheet.goTo(tile)
                onSaveAsked: sheet.saveAsked(mediaId, name)
                onMenuAsked: (x, y) => {
                    grid.currentIndex = index;
                    menu.openFor(tile, x, y);
                }
            }

            Words {
                visible: grid.count === 0 && !medley.gallery.reading
                text: medley.gallery.modality === "" && medley.gallery.origin === ""
                    ? qsTr("Pictures, sounds, clips and documents of all conversations will be here.")
                    : qsTr("There is nothing of this kind yet.")
                faint: true
                horizontalAlignment: Text.AlignHCenter
                anchors { left: parent.left; right: parent.right; top: parent.top; topMargin: Theme.huge }
            }
        }
    }

    ThemedMenu {
        id: menu

        property Item tile: null

        function openFor(row: Item, x: real, y: real) {
            tile = row;
            popup(row, x, y);
        }

        MenuLine {
            text: qsTr("Go to the message")
            glyph: "open"
            onTriggered: sheet.goTo(menu.tile)
        }
        MenuLine {
            text: qsTr("Save as …")
            glyph: "save"
            onTriggered: menu.tile.saveAsked()
        }
        MenuLine {
            text: qsTr("Copy")
            glyph: "copy"
            onTriggered: medley.transcript.copyMedia(menu.tile.mediaId)
        }
    }
}
