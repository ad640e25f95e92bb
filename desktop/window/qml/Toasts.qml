// Short messages over the composer: what was done, what failed, and what can be undone.
import QtQuick
import QtQuick.Layouts
import "controls"
import "theme"
import "tools"

Column {
    id: toasts

    // Attachments that were taken away come back together.
    function offerUndo(kind: string, key: string, name: string) {
        const same = kind === "attachment" ? rowOf(kind) : -1;
        if (same >= 0) {
            const before = undos.get(same);
            undos.set(same, { key: before.key + " " + key, name: before.name + ", " + name });
            return;
        }
        if (undos.count > 2)
            undos.remove(0);
        undos.append({ kind: kind, key: key, name: name });
    }

    function rowOf(kind: string): int {
        for (let row = 0; row < undos.count; ++row)
            if (undos.get(row).kind === kind)
                return row;
        return -1;
    }

    // What was taken away from a message that is gone does not come back.
    function forgetAttachments() {
        const row = rowOf("attachment");
        if (row >= 0)
            undos.remove(row);
    }

    function undoLast() {
        if (undos.count > 0)
            undo(undos.count - 1);
    }

    function undo(row: int) {
        const entry = undos.get(row);
        if (entry.kind === "conversation")
            medley.conversations.undoRemove(entry.key);
        else
            entry.key.split(" ").reverse().forEach((key) => medley.composer.undoRemoveAttachment(key));
        undos.remove(row);
    }

    spacing: Theme.small

    component Toast: Rectangle {
        id: toast

        property string glyph
        property color tint: Theme.colour.muted
        property string words
        property string action
        property string actionName
        property int time: 0

        signal acted()
        signal dismissed()

        onWordsChanged: timer.restart()

        width: Math.min(toasts.width, line.implicitWidth + 2 * Theme.medium)
        height: line.implicitHeight + Theme.medium
        anchors.horizontalCenter: parent ? parent.horizontalCenter : undefined
        radius: Theme.radiusMedium
        color: Theme.colour.raised
        border.width: Theme.hair
        border.color: Theme.colour.edge
        Accessible.role: Accessible.AlertMessage
        Accessible.name: words
        Component.onCompleted: Accessible.announce(words, Accessible.Polite)

        HoverHandler { id: hover }
        Timer {
            id: timer
            interval: toast.time
            running: toast.time > 0 && !hover.hovered && !button.activeFocus && !closer.activeFocus
            onTriggered: toast.dismissed()
        }
        RowLayout {
            id: line
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.medium; rightMargin: Theme.tiny }
            spacing: Theme.small
            Glyph {
                glyph: toast.glyph
                color: toast.tint
            }
            Words {
                text: toast.words
                maximumLineCount: 4
                elide: Text.ElideRight
                Layout.fillWidth: true
                Layout.maximumWidth: Theme.px(560)
            }
            ActionButton {
                id: button
                objectName: toast.actionName
                visible: toast.action !== ""
                text: toast.action
                quiet: true
                implicitHeight: Theme.px(32)
                onClicked: toast.acted()
            }
            IconButton {
                id: closer
                glyph: "close"
                label: qsTr("Dismiss")
                size: Theme.px(28)
                glyphSize: Theme.px(14)
                onClicked: toast.dismissed()
            }
        }
    }

    ListModel { id: undos }

    // Conversations that came, that were here, and things that did not come along.
    function imported(counts: var): string {
        const words = [qsTr("Imported: %1").arg(counts[0])];
        if (counts[1] !== "0")
            words.push(qsTr("here already: %1").arg(counts[1]));
        if (counts[2] !== "0")
            words.push(qsTr("left out: %1").arg(counts[2]));
        return words.join(qsTr(", "));
    }

    Connections {
        target: medley.composer
        function onAttachmentRemoved(key, name) {
            toasts.offerUndo("attachment", key, name);
        }
        function onEmptied() {
            toasts.forgetAttachments();
        }
    }

    Repeater {
        model: medley.notices
        delegate: Toast {
            required property int noticeId
            required property string kind
            required property string key
            required property string text

            glyph: kind === "error" ? "warning" : "check"
            tint: kind === "error" ? Theme.colour.danger : Theme.colour.good
            words: kind === "error" ? Format.sentence(text)
                 : key === "copied" ? qsTr("Copied")
                 : key === "saved" ? qsTr("Saved: %1").arg(text)
                 : key === "exported" ? qsTr("Exported: %1").arg(text)
                 : key === "presetKept" ? qsTr("Preset saved: %1").arg(text)
                 : key === "presetUsed" ? qsTr("Answered by the preset “%1” from now on").arg(text)
                 : key === "imported" ? toasts.imported(text.split(" "))
                 : key === "waiting" ? qsTr("A tool waits for your answer in “%1”").arg(text)
                 : key === "pocket" ? qsTr("The model that answered was removed. Pocket answers from now on; it knows only its own little world.")
                 : key === "verified" ? qsTr("Verified: %1").arg(text) : text
            time: kind === "error" ? 20000 : key === "pocket" ? 12000 : 4000
            onDismissed: medley.notices.dismiss(noticeId)
        }
    }
    Repeater {
        model: medley.tools.reminders.due
        delegate: ReminderToast {
            width: toasts.width
        }
    }
    Repeater {
        model: undos
        delegate: Toast {
            required property int index
            required property string kind
            required property string name

            glyph: "trash"
            words: kind === "attachment" ? qsTr("Taken away: %1").arg(name)
                 : name === "" ? qsTr("Deleted") : qsTr("Deleted: %1").arg(name)
            action: qsTr("Undo")
            actionName: index === undos.count - 1 ? "undoButton" : ""
            time: 12000
            onActed: toasts.undo(index)
            onDismissed: undos.remove(index)
        }
    }
}
