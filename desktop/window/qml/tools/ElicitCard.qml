// A server asks the person something in the middle of a call: a form, or an address to be opened.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: elicit

    required property var call
    required property Item row
    readonly property var asked: medley.tools.cards.elicitation(row.messageId, call.id)
    readonly property string url: asked.url ?? ""
    property var values: ({})
    property string problem: ""

    function send() {
        problem = medley.tools.cards.submit(row.messageId, call.id, values);
        if (problem === "")
            row.transcript.leave(elicit);
    }
    function refuse(action: string) {
        medley.tools.cards.refuse(row.messageId, call.id, action);
        row.transcript.leave(elicit);
    }

    objectName: "elicitCard"
    implicitHeight: content.implicitHeight + Theme.large
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("“%1” asks you something").arg(asked.server ?? "")

    ColumnLayout {
        id: content

        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: Theme.large; rightMargin: Theme.large; topMargin: Theme.small }
        spacing: Theme.medium

        Words {
            text: elicit.Accessible.name
            strong: true
            Layout.fillWidth: true
        }
        ForeignText {
            pieces: elicit.asked.message ?? []
            label: elicit.Accessible.name
            most: Theme.px(160)
            Layout.fillWidth: true
        }
        Words {
            text: elicit.url !== "" ? qsTr("It wants you to open this address in your browser. Look at it before you do.")
                                    : qsTr("What you write goes to this server. Write no passwords or keys.")
            faint: true
            size: Theme.fontSmall
            lineHeight: 1.25
            Layout.fillWidth: true
        }
        ForeignText {
            visible: elicit.url !== ""
            pieces: elicit.url === "" ? [] : [{ kind: "", text: elicit.url }]
            label: qsTr("Address")
            Layout.fillWidth: true
        }
        Repeater {
            model: elicit.url === "" ? elicit.asked.fields ?? [] : []
            delegate: SheetRow {
                id: line

                required property var modelData

                function put(value: var) {
                    elicit.values[modelData.name] = value;
                }

                title: modelData.title + (modelData.required ? " *" : "")
                explanation: modelData.description
                Component.onCompleted: if (modelData.value !== undefined && modelData.value !== null) put(modelData.value)

                Field {
                    visible: line.modelData.kind === "text" || line.modelData.kind === "number" || line.modelData.kind === "integer"
                    objectName: "field/" + line.modelData.name
                    label: line.modelData.title
                    text: line.modelData.value ?? ""
                    inputMethodHints: line.modelData.kind === "text" ? Qt.ImhNone : Qt.ImhFormattedNumbersOnly
                    Layout.preferredWidth: Theme.px(240)
                    onTextEdited: line.put(text)
                    Keys.onReturnPressed: elicit.send()
                    Keys.onEnterPressed: elicit.send()
                }
                Choice {
                    visible: line.modelData.kind === "choice"
                    objectName: "choice/" + line.modelData.name
                    label: line.modelData.title
                    model: line.modelData.choices ?? []
                    chosen: line.modelData.value ?? ""
                    onActivated: line.put(currentValue)
                }
                Toggle {
                    visible: line.modelData.kind === "boolean"
                    objectName: "switch/" + line.modelData.name
                    label: line.modelData.title
                    checked: line.modelData.value === true
                    onToggled: line.put(checked)
                }
            }
        }
        Words {
            objectName: "elicitProblem"
            visible: elicit.problem !== ""
            text: Format.sentence(elicit.problem)
            color: Theme.colour.danger
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            ActionButton {
                objectName: "elicitSend"
                text: elicit.url !== "" ? qsTr("Open it in the browser") : qsTr("Send")
                glyph: elicit.url !== "" ? "open" : "send"
                primary: true
                onClicked: elicit.send()
            }
            ActionButton {
                objectName: "elicitDecline"
                text: qsTr("Do not answer")
                onClicked: elicit.refuse("decline")
            }
        }
    }
}
