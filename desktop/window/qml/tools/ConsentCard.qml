// Asks whether a tool may be called: who wants what, with everything it is given.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../models"
import "../theme"

Item {
    id: consent

    required property var call
    required property Item row
    property var asked: medley.tools.cards.question(row.messageId, call.id)
    property bool answered: false

    readonly property string called: ToolWords.name(call.server, call.tool, call.title)
    readonly property string folder: asked.folder ?? ""
    readonly property bool ready: asked.ready === true

    function answer(choice: string) {
        // Before the buttons are switched off: then the keyboard is nowhere.
        row.transcript.leave(consent);
        answered = true;
        medley.tools.cards.answer(row.messageId, call.id, choice);
    }

    objectName: "consentCard"
    implicitHeight: content.implicitHeight + Theme.large
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("May “%1” be used? Medley waits for you.").arg(called)
    Component.onCompleted: Accessible.announce(Accessible.name, Accessible.Polite)

    Connections {
        target: medley.tools.cards
        function onQuestionReady(messageId: string, callId: string, question: var) {
            if (messageId === consent.row.messageId && callId === consent.call.id)
                consent.asked = question;
        }
    }

    ColumnLayout {
        id: content

        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: Theme.large; rightMargin: Theme.large; topMargin: Theme.tiny }
        spacing: Theme.medium

        ColumnLayout {
            spacing: Theme.px(2)
            Words {
                text: qsTr("May “%1” be used?").arg(consent.called)
                strong: true
                size: Theme.fontBody
                Layout.fillWidth: true
            }
            Words {
                text: consent.call.server === "medley" ? qsTr("A tool of Medley")
                    : qsTr("A tool of %1 (%2)").arg(consent.call.server).arg(consent.call.tool)
                faint: true
                size: Theme.fontSmall
                Layout.fillWidth: true
            }
        }
        WarningLine {
            objectName: "changedLine"
            visible: consent.asked.changed === true
            text: qsTr("This tool says something else of itself than when you allowed it. Look at it again.")
            Layout.fillWidth: true
        }
        WarningLine {
            objectName: "foreignLine"
            visible: consent.asked.foreign === true
            text: qsTr("Before this the model read text that is not yours: a file, a page or what a tool gave. It may have been told there to ask for this.")
            Layout.fillWidth: true
        }
        WarningLine {
            objectName: "noticeLine"
            visible: text !== ""
            text: consent.asked.notice ?? ""
            Layout.fillWidth: true
        }
        TouchList {
            kinds: consent.asked.touches ?? []
            Layout.fillWidth: true
        }
        Words {
            visible: consent.folder !== ""
            text: qsTr("In the folder %1").arg(consent.folder)
            size: Theme.px(13)
            wrapMode: Text.WrapAnywhere
            Layout.fillWidth: true
        }
        Words {
            objectName: "previewProblem"
            visible: text !== ""
            text: consent.asked.problem ? Format.sentence(consent.asked.problem) : ""
            color: Theme.colour.danger
            Layout.fillWidth: true
        }
        Words {
            visible: preview.visible
            text: (consent.asked.previewKind ?? "") === "diff" ? qsTr("What would change")
                : (consent.asked.previewKind ?? "") === "command" ? qsTr("What would be run") : qsTr("What would be done")
            strong: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        ForeignText {
            id: preview
            objectName: "consentPreview"
            visible: pieces.length > 0
            pieces: consent.asked.preview ?? []
            label: qsTr("What would be done")
            most: Theme.px(260)
            Layout.fillWidth: true
        }
        Words {
            text: qsTr("What it is given")
            strong: true
            size: Theme.fontSmall
            visible: given.visible
            Layout.fillWidth: true
        }
        ForeignText {
            id: given
            objectName: "consentArguments"
            visible: pieces.length > 0
            pieces: consent.asked.arguments ?? []
            label: qsTr("What it is given")
            most: Theme.px(180)
            Layout.fillWidth: true
        }
        Flow {
            spacing: Theme.small
            enabled: consent.ready && !consent.answered
            Layout.fillWidth: true
            ActionButton {
                objectName: "allowOnce"
                text: qsTr("Allow once")
                glyph: "check"
                primary: true
                Accessible.description: consent.Accessible.name
                onClicked: consent.answer("once")
            }
            ActionButton {
                objectName: "allowAlways"
                visible: consent.asked.always === true
                text: consent.folder === "" ? qsTr("Always allow this tool") : qsTr("Always in this folder")
                onClicked: consent.answer("always")
            }
            ActionButton {
                objectName: "refuseOnce"
                text: qsTr("Not now")
                onClicked: consent.answer("refuse")
            }
            ActionButton {
                objectName: "refuseAlways"
                text: qsTr("Never")
                danger: true
                Accessible.name: qsTr("Never allow this tool")
                onClicked: consent.answer("never")
            }
        }
    }
}
