// Conversations by day, or what a search found.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../controls/leaving.js" as Leaving
import "../theme"

ListView {
    id: list

    required property bool searching
    property string renaming: ""

    signal opened()
    signal exportAsked(conversationId: string, title: string)

    function choose(row: Item) {
        if (searching && row.hitMessageId !== "")
            medley.conversations.openHit(row.conversationId, row.hitMessageId);
        else
            medley.conversations.open(row.conversationId);
        opened();
    }

    objectName: "conversationList"
    clip: true
    model: medley.conversations
    reuseItems: true
    // Nothing is made ahead: a row that is being made when the rows change makes Qt complain.
    cacheBuffer: 0
    spacing: Theme.px(2)
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    // Never changes: a list that is told of another property while rows leave it ends the program.
    // What a search found has no day and so no heading.
    section.property: "day"
    section.delegate: DayHeader {}
    Accessible.role: Accessible.List
    Accessible.name: searching ? qsTr("Conversations found") : qsTr("Conversations")
    ScrollBar.vertical: ThinScrollBar {}

    onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0) currentIndex = 0
    Keys.onReturnPressed: if (currentItem) choose(currentItem)
    Keys.onEnterPressed: if (currentItem) choose(currentItem)
    Keys.onDeletePressed: if (currentItem) medley.conversations.remove(currentItem.conversationId)
    Keys.onPressed: (event) => {
        if (!currentItem)
            return;
        if (event.key === Qt.Key_F2)
            renaming = currentItem.conversationId;
        else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier))
            menu.openFor(currentItem, currentItem.width / 2, currentItem.height / 2);
        else
            return;
        event.accepted = true;
    }

    delegate: ConversationRow {
        id: row
        width: list.width
        searching: list.searching
        renaming: list.renaming !== "" && list.renaming === conversationId
        chosen: !list.searching && conversationId !== "" && conversationId === medley.conversations.current
        pointed: ListView.isCurrentItem && list.activeFocus
        onActivated: {
            list.currentIndex = index;
            list.choose(row);
        }
        onMenuAsked: (x, y) => {
            list.currentIndex = index;
            menu.openFor(row, x, y);
        }
        onRenameEnded: {
            list.renaming = "";
            list.forceActiveFocus();
        }
        ListView.onPooled: {
            menu.close();
            Leaving.letGo(row, list, list.Window.activeFocusItem);
            visible = false;
        }
        ListView.onReused: visible = true
    }

    Connections {
        target: medley.conversations
        function onRevealed(row: int) {
            Qt.callLater(list.positionViewAtIndex, row, ListView.Contain);
        }
    }

    Words {
        visible: list.count === 0 && !medley.conversations.searching
                 && !(list.searching && medley.mediaHits.count > 0)
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.small; topMargin: Theme.wide }
        faint: true
        lineHeight: 1.3
        text: list.searching ? qsTr("Nothing found. Try fewer or other words.")
                             : qsTr("Your conversations will be here.")
    }

    ConversationMenu {
        id: menu
        onRenameAsked: (conversationId) => list.renaming = conversationId
        onExportAsked: (conversationId, title) => list.exportAsked(conversationId, title)
    }
}
