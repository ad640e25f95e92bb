// What can be done with one conversation.
import QtQuick
import "../controls"

ThemedMenu {
    id: menu

    property string conversationId: ""
    property string shownTitle: ""
    property bool pinned: false

    signal renameAsked(conversationId: string)
    signal exportAsked(conversationId: string, title: string)

    function openFor(row: Item, x: real, y: real) {
        conversationId = row.conversationId;
        shownTitle = row.shownTitle;
        pinned = row.pinned;
        popup(row, x, y);
    }

    MenuLine {
        text: qsTr("Rename")
        glyph: "edit"
        onTriggered: menu.renameAsked(menu.conversationId)
    }
    MenuLine {
        text: menu.pinned ? qsTr("Unpin") : qsTr("Pin")
        glyph: "pin"
        onTriggered: medley.conversations.setPinned(menu.conversationId, !menu.pinned)
    }
    MenuLine {
        text: qsTr("Export…")
        glyph: "export"
        onTriggered: menu.exportAsked(menu.conversationId, menu.shownTitle)
    }
    MenuLine {
        text: qsTr("Delete")
        glyph: "trash"
        danger: true
        onTriggered: medley.conversations.remove(menu.conversationId)
    }
}
