// Adds a model: choose or drop it, see what it is, name it, and try it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Scroller {
    id: page

    readonly property QtObject adding: medley.ownModels.adding
    readonly property string state_: adding.state
    readonly property bool offered: adding.facts.path !== undefined

    signal fileAsked(done: var)
    signal folderAsked(done: var)
    signal catalogueAsked()
    signal foundAsked()
    signal done()

    objectName: "addPage"

    ColumnLayout {
        width: page.availableWidth - Theme.medium
        spacing: Theme.large

        Words {
            visible: page.state_ === "rest"
            text: qsTr("Drop a model's file or folder anywhere on the window, or choose it here: a language model (GGUF), a decoder (a folder from diffusers), ears (Whisper) or a voice (Kokoro). It is used where it lies: nothing is copied, and nothing leaves this computer.")
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        WaitingCard {
            visible: page.state_ === "looking"
            label: qsTr("Looking at the model …")
            detail: page.adding.looking
            Layout.fillWidth: true
            onCancelled: page.adding.cancel()
        }
        Repeater {
            model: page.state_ === "added" ? [] : page.adding.problems
            delegate: Words {
                required property string modelData
                objectName: "addProblem"
                text: Format.sentence(modelData)
                color: Theme.colour.danger
                lineHeight: 1.3
                Layout.fillWidth: true
                Accessible.role: Accessible.AlertMessage
                Component.onCompleted: Accessible.announce(text, Accessible.Polite)
            }
        }
        CandidateCard {
            visible: page.offered && ["found", "adding", "failed"].includes(page.state_)
            Layout.fillWidth: true
            onDone: page.done()
        }
        OutcomeCard {
            visible: page.state_ === "added"
            outcome: page.adding.outcome
            Layout.fillWidth: true
            onDone: page.done()
            onAgain: page.adding.again()
        }
        Flow {
            visible: ["rest", "found", "failed"].includes(page.state_)
            spacing: Theme.small
            Layout.fillWidth: true
            ActionButton {
                objectName: "chooseFile"
                text: page.state_ === "rest" ? qsTr("Choose a file …") : qsTr("Another file …")
                glyph: "document"
                primary: page.state_ === "rest"
                onClicked: page.fileAsked((url) => page.adding.look([url]))
            }
            ActionButton {
                objectName: "chooseFolder"
                text: page.state_ === "rest" ? qsTr("Choose a folder …") : qsTr("Another folder …")
                glyph: "folder"
                onClicked: page.folderAsked((url) => page.adding.look([url]))
            }
            ActionButton {
                visible: page.state_ === "rest"
                text: qsTr("From LM Studio, Ollama, Jan …")
                glyph: "search"
                onClicked: page.foundAsked()
            }
            ActionButton {
                visible: page.state_ === "rest"
                text: qsTr("Get one from the catalogue …")
                glyph: "import"
                onClicked: page.catalogueAsked()
            }
        }
    }
}
