// The files that go with the message, in the order in which the model gets them.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

ListView {
    id: strip

    property int known: 0

    // The row whose place is there; the room between two counts as that of the right one.
    function placeAt(center: real): int {
        for (const x of [center, center + spacing]) {
            const found = indexAt(x, height / 2);
            if (found >= 0)
                return found;
        }
        return center < originX ? 0 : count - 1;
    }

    implicitHeight: Theme.px(58) + (contentWidth > width ? Theme.px(12) : 0)
    orientation: ListView.Horizontal
    spacing: Theme.small
    clip: true
    model: medley.composer.attachments
    activeFocusOnTab: true
    keyNavigationEnabled: true
    acceptedButtons: Qt.NoButton
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Attached files")
    ScrollBar.horizontal: ThinScrollBar {}
    // A chip that comes is seen.
    onCountChanged: {
        if (count > known)
            Qt.callLater(positionViewAtEnd);
        known = count;
    }
    onActiveFocusChanged: if (activeFocus && currentIndex < 0) currentIndex = 0

    Keys.onDeletePressed: if (currentIndex >= 0) medley.composer.removeAttachment(currentIndex)
    Keys.onPressed: (event) => {
        const step = event.key === Qt.Key_Left ? -1 : event.key === Qt.Key_Right ? 1 : 0;
        const target = currentIndex + step;
        if (step === 0 || !(event.modifiers & Qt.ControlModifier) || target < 0 || target >= count)
            return;
        medley.composer.moveAttachment(currentIndex, target);
        currentIndex = target;
        event.accepted = true;
    }
    move: Transition { NumberAnimation { properties: "x"; duration: Theme.quick } }
    displaced: Transition { NumberAnimation { properties: "x"; duration: Theme.quick } }

    delegate: AttachmentChip {
        id: chip
        pointed: ListView.isCurrentItem && strip.activeFocus
        onRemoveAsked: medley.composer.removeAttachment(index)
        onDropped: (center) => {
            const target = strip.placeAt(center);
            if (target !== index)
                medley.composer.moveAttachment(index, target);
            else
                strip.forceLayout();
        }
    }
}
