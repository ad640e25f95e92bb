// A sent message being written anew. Sending it makes a second version; the first one stays.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Rectangle {
    id: editor

    property alias text: area.text

    signal cancelled()
    signal resent()

    implicitHeight: area.implicitHeight + buttons.height + 3 * Theme.medium
    radius: Theme.radiusLarge
    color: Theme.colour.surface
    border.width: Theme.ring
    border.color: Theme.colour.focus

    TextArea {
        id: area
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.medium }
        padding: 0
        wrapMode: Format.unbroken(text) ? TextArea.WrapAnywhere : TextArea.Wrap
        font.pixelSize: Theme.fontBody
        color: Theme.colour.text
        selectionColor: Theme.colour.accent
        selectedTextColor: Theme.colour.accentInk
        background: null
        KeyNavigation.tab: send
        Accessible.name: qsTr("Your message, to be sent again")
        Component.onCompleted: {
            forceActiveFocus();
            cursorPosition = length;
        }
        Keys.onShortcutOverride: (event) => event.accepted = event.key === Qt.Key_Escape
        Keys.onEscapePressed: editor.cancelled()
        Keys.onPressed: (event) => {
            const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
            if (enter && (inputMethodComposing || !(event.modifiers & Qt.ShiftModifier))) {
                event.accepted = true;
                if (!inputMethodComposing && text.trim() !== "")
                    editor.resent();
            }
        }
    }
    Row {
        id: buttons
        anchors { right: parent.right; bottom: parent.bottom; margins: Theme.medium }
        spacing: Theme.small
        layoutDirection: Qt.RightToLeft
        ActionButton {
            id: send
            text: qsTr("Send")
            primary: true
            enabled: area.text.trim() !== ""
            onClicked: editor.resent()
        }
        ActionButton {
            text: qsTr("Cancel")
            quiet: true
            onClicked: editor.cancelled()
        }
    }
}
