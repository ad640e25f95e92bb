// Reminders that are still to come.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    objectName: "remindersPage"
    spacing: Theme.medium

    Words {
        text: qsTr("Ask for one in a conversation: “remind me in ten minutes”. Medley reminds you while its window is open, and of what was missed when it is opened again.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    CardList {
        id: list
        objectName: "reminderList"
        label: qsTr("Reminders")
        model: medley.tools.reminders.coming
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: LineCard {
            id: line

            required property int reminderId
            required property string text
            required property real due

            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            title: text
            told: Format.date(due)
            glyph: "bell"
            IconButton {
                objectName: "removeReminder"
                glyph: "trash"
                label: qsTr("Remove this reminder")
                onClicked: {
                    list.forceActiveFocus();
                    medley.tools.reminders.remove(line.reminderId);
                }
            }
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: qsTr("There are no reminders to come.")
        }
    }
}
