// The messages of the open conversation. Only what is in sight exists.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../controls/leaving.js" as Leaving
import "../theme"

Item {
    id: view

    property string editing: ""
    property string editingText: ""
    property bool following: true
    // Empty at the end of the last message.
    readonly property int roomAtEnd: Theme.px(60)

    signal pictureAsked(source: url, mediaId: string, name: string, naturalWidth: int, naturalHeight: int)
    signal saveAsked(mediaId: string)
    signal linkAsked(url: string)
    signal bundlesAsked()
    signal settingsAsked()
    signal toolsAsked(page: string)
    signal againAsked(anchor: Item, messageId: string)

    function goToEnd() {
        following = true;
        list.positionViewAtEnd();
    }

    // Growing content stays in sight as long as nobody scrolled away.
    function settle() {
        if (following)
            list.positionViewAtEnd();
    }

    function focusLast() {
        list.currentIndex = list.count - 1;
        list.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    // Takes the keyboard off something that is about to go, where it is there.
    function leave(item: Item) {
        for (let inner = Window.activeFocusItem; inner; inner = inner.parent) {
            if (inner !== item)
                continue;
            Leaving.letGo(item, list, Window.activeFocusItem);
            focusLast();
            return;
        }
    }

    function startEditing(messageId: string, text: string) {
        editingText = text;
        editing = messageId;
    }

    ListView {
        id: list

        objectName: "transcriptList"
        anchors.fill: parent
        model: medley.transcript
        reuseItems: true
        clip: true
        cacheBuffer: Theme.px(600)
        boundsBehavior: Flickable.StopAtBounds
        acceptedButtons: Qt.NoButton
        // Not margins: positionViewAtEnd knows nothing of those.
        header: Item { height: Theme.wide }
        footer: Item { height: view.roomAtEnd }
        spacing: Theme.small
        activeFocusOnTab: true
        currentIndex: -1
        keyNavigationEnabled: true
        highlightMoveDuration: Theme.quick
        highlightFollowsCurrentItem: activeFocus
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages")
        ScrollBar.vertical: ThinScrollBar {
            onPressedChanged: view.following = !pressed && list.atYEnd
        }

        delegate: MessageRow {
            width: list.width
            transcript: view
            current: ListView.isCurrentItem && list.activeFocus
            ListView.onPooled: {
                Leaving.letGo(this, list, list.Window.activeFocusItem);
                medley.transcript.showLess(messageId);
                visible = false;
            }
            ListView.onReused: visible = true
        }

        onActiveFocusChanged: if (Window.activeFocusItem === list && currentIndex < 0) currentIndex = count - 1
        onDragStarted: view.following = false
        onAtYEndChanged: if (atYEnd) view.following = true
        onCurrentIndexChanged: if (activeFocus) view.following = currentIndex === count - 1
        onContentHeightChanged: if (view.following) Qt.callLater(view.settle)
        onHeightChanged: if (view.following) Qt.callLater(view.settle)
        Keys.onPressed: (event) => {
            if (event.key === Qt.Key_End)
                view.goToEnd();
            else if (event.key === Qt.Key_Home) {
                view.following = false;
                positionViewAtBeginning();
                currentIndex = 0;
            } else if (event.key === Qt.Key_PageUp || event.key === Qt.Key_PageDown) {
                const step = (height - Theme.huge) * (event.key === Qt.Key_PageUp ? -1 : 1);
                contentY = Math.max(originY, Math.min(originY + contentHeight - height, contentY + step));
                view.following = atYEnd;
            } else
                return;
            event.accepted = true;
        }
    }

    WheelHandler {
        parent: list
        target: null
        blocking: false
        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
        onWheel: (event) => {
            if (event.angleDelta.y > 0 || event.pixelDelta.y > 0)
                view.following = false;
        }
    }

    Connections {
        target: medley.transcript
        function onScrollTo(row: int) {
            if (row >= medley.transcript.count - 1) {
                view.goToEnd();
            } else {
                view.following = false;
                list.positionViewAtIndex(row, ListView.Center);
                list.currentIndex = row;
            }
        }
        function onConversationIdChanged() {
            view.editing = "";
            list.currentIndex = -1;
            view.goToEnd();
        }
        function onAnnouncementChanged() {
            if (medley.transcript.announcement !== "")
                list.Accessible.announce(medley.transcript.announcement, Accessible.Polite);
        }
    }

    IconButton {
        visible: !list.atYEnd && !view.following && list.count > 0
        glyph: "to-end"
        label: qsTr("Go to the end")
        size: Theme.px(36)
        anchors { right: parent.right; rightMargin: Theme.wide; bottom: parent.bottom; bottomMargin: Theme.medium }
        onClicked: view.goToEnd()
        background: Rectangle {
            radius: height / 2
            color: parent.hovered ? Theme.colour.hover : Theme.colour.raised
            border.width: Theme.hair
            border.color: Theme.colour.outline
            FocusRing { shown: parent.parent.visualFocus; corner: parent.radius }
        }
    }
}
