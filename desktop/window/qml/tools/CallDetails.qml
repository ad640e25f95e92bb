// What a call was given and what it gave.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: details

    required property var call
    required property Item row
    required property bool reachable
    // Made anew where the call stands differently.
    readonly property var told: medley.tools.cards.details(row.messageId, call.id, call.state)

    implicitHeight: content.implicitHeight + Theme.medium + Theme.tiny

    ColumnLayout {
        id: content

        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: Theme.medium; rightMargin: Theme.medium; topMargin: Theme.tiny }
        spacing: Theme.small

        Words {
            text: details.call.server === "medley" ? qsTr("A tool of Medley") : qsTr("A tool of %1").arg(details.call.server)
            faint: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        Words {
            visible: (details.told.arguments ?? []).length > 0
            text: qsTr("What it was given")
            strong: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        ForeignText {
            visible: pieces.length > 0
            objectName: "toolArguments"
            pieces: details.told.arguments ?? []
            label: qsTr("What it was given")
            reachable: details.reachable
            most: Theme.px(160)
            Layout.fillWidth: true
        }
        Words {
            objectName: "toolReason"
            visible: text !== ""
            text: details.told.reason ? Format.sentence(details.told.reason)
                : details.call.state === "refused" ? qsTr("You did not allow it. The model was told so.")
                : details.call.state === "interrupted" ? qsTr("It was interrupted. How far it came is not known.") : ""
            color: details.call.state === "failed" ? Theme.colour.danger : Theme.colour.text
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Words {
            visible: (details.told.result ?? []).length > 0
            text: details.call.state === "failed" ? qsTr("Why it failed") : qsTr("What it gave")
            strong: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        ForeignText {
            visible: pieces.length > 0
            objectName: "toolResult"
            pieces: details.told.result ?? []
            label: qsTr("What it gave")
            reachable: details.reachable
            Layout.fillWidth: true
        }
        Words {
            visible: (details.told.leftOut ?? 0) > 0
            text: qsTr("%1 more characters are not shown. Copy the result to see them.").arg(Format.count(details.told.leftOut ?? 0))
            faint: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        Flow {
            spacing: Theme.tiny
            Layout.fillWidth: true
            ActionButton {
                objectName: "toolCopy"
                visible: (details.told.result ?? []).length > 0
                text: qsTr("Copy the result")
                glyph: "copy"
                quiet: true
                reachable: details.reachable
                implicitHeight: Theme.px(30)
                font.pixelSize: Theme.px(13)
                leftPadding: Theme.small
                rightPadding: Theme.small
                onClicked: medley.tools.cards.copyResult(details.row.messageId, details.call.id)
            }
            ActionButton {
                objectName: "toolUndo"
                visible: details.call.undoable && !details.call.undone
                text: qsTr("Take it back")
                glyph: "undo"
                quiet: true
                reachable: details.reachable
                implicitHeight: Theme.px(30)
                font.pixelSize: Theme.px(13)
                leftPadding: Theme.small
                rightPadding: Theme.small
                onClicked: medley.tools.cards.undo(details.row.messageId, details.call.id)
            }
        }
    }
}
