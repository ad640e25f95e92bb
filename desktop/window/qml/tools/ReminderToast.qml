// A reminder that rings: it stays until it is done or put off.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: toast

    required property int reminderId
    required property string text
    required property real due
    required property bool late

    objectName: "reminderToast"
    implicitHeight: card.height

    Rectangle {
        id: card

        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(toast.width, line.implicitWidth + 2 * Theme.medium)
        height: line.implicitHeight + Theme.medium
        radius: Theme.radiusMedium
        color: Theme.colour.raised
        border.width: Theme.ring
        border.color: Theme.colour.accent
        Accessible.role: Accessible.AlertMessage
        Accessible.name: words.text
        Component.onCompleted: Accessible.announce(words.text, Accessible.Assertive)

        GridLayout {
            id: line

            readonly property bool narrow: toast.width < Theme.px(440)

            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.medium; rightMargin: Theme.tiny }
            columns: narrow ? 2 : 4
            columnSpacing: Theme.small
            rowSpacing: Theme.tiny
            Glyph {
                glyph: "bell"
                color: Theme.colour.accent
            }
            Words {
                id: words
                text: toast.late ? qsTr("%1 (was for %2)").arg(toast.text).arg(Format.date(toast.due)) : toast.text
                strong: true
                maximumLineCount: 4
                elide: Text.ElideRight
                Layout.fillWidth: true
                Layout.maximumWidth: Theme.px(480)
            }
            ActionButton {
                objectName: "snoozeReminder"
                text: qsTr("In 10 minutes")
                quiet: true
                implicitHeight: Theme.px(32)
                Layout.columnSpan: line.narrow ? 2 : 1
                onClicked: medley.tools.reminders.snooze(toast.reminderId)
            }
            ActionButton {
                objectName: "reminderDone"
                text: qsTr("Done")
                glyph: "check"
                implicitHeight: Theme.px(32)
                Layout.columnSpan: line.narrow ? 2 : 1
                onClicked: medley.tools.reminders.done(toast.reminderId)
            }
        }
    }
}
