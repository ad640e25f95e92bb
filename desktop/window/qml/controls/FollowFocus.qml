// Scrolls a view to what has the keyboard within it.
import QtQuick
import "../theme"

Item {
    id: follower

    required property Flickable view

    // What has the keyboard, where that is in the view.
    readonly property Item focused: {
        const now = Window.activeFocusItem;
        let item = now;
        while (item && item !== view.contentItem)
            item = item.parent;
        return item ? now : null;
    }

    function follow() {
        if (!focused)
            return;
        const top = focused.mapToItem(view.contentItem, 0, 0).y;
        const least = top + focused.height + Theme.medium - view.height;
        const most = Math.max(0, top - Theme.medium);
        view.contentY = Math.max(0, Math.min(most, Math.max(least, view.contentY)));
    }

    onFocusedChanged: follow()
}
