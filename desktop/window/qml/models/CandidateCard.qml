// A model that can be added: what it is, what it sees with, what it will be called.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: card

    readonly property QtObject adding: medley.ownModels.adding
    readonly property var facts: adding.facts
    readonly property bool busy: adding.state === "adding"
    readonly property var eyes: facts.eyes ?? []
    readonly property string takesIn: facts.sees && facts.hears ? qsTr("pictures and sounds") : facts.sees ? qsTr("pictures")
                                    : facts.hears ? qsTr("sounds") : ""
    readonly property list<string> words: [
        Format.use(facts.purpose ?? ""),
        facts.size ?? "",
        Format.disk(facts.bytes ?? 0),
        facts.context ? qsTr("trained for %1 tokens").arg(Format.count(facts.context)) : "",
        facts.thinks ? qsTr("can think before it answers") : "",
        facts.voices ? qsTr("%1 voices").arg(facts.voices) : "",
        (facts.languages ?? []).join(", ").replace("mul", qsTr("many languages")),
        takesIn === "" ? "" : qsTr("takes in %1 itself").arg(takesIn),
        facts.licence ? qsTr("licence %1").arg(facts.licence) : qsTr("states no licence")
    ].filter((word) => word !== "")

    signal done()

    objectName: "candidateCard"
    spacing: Theme.medium

    Choice {
        objectName: "candidates"
        visible: card.adding.titles.length > 1
        enabled: !card.busy
        label: qsTr("Which of the models that were found")
        model: card.adding.titles.map((title, at) => ({ value: String(at), text: title }))
        chosen: String(card.adding.index)
        onActivated: card.adding.choose(Number(currentValue))
        Layout.fillWidth: true
    }
    Words {
        objectName: "candidateTitle"
        text: card.facts.title ?? ""
        strong: true
        size: Theme.px(16)
        maximumLineCount: 3
        elide: Text.ElideRight
        wrapMode: Text.WrapAtWordBoundaryOrAnywhere
        Layout.fillWidth: true
    }
    Words {
        objectName: "candidateFacts"
        text: card.words.join("  ·  ")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    Words {
        text: card.facts.path ?? ""
        faint: true
        size: Theme.fontSmall
        font.family: Theme.mono
        elide: Text.ElideMiddle
        wrapMode: Text.WrapAnywhere
        maximumLineCount: 2
        Layout.fillWidth: true
    }
    Repeater {
        model: card.facts.warnings ?? []
        delegate: WarningLine {
            required property string modelData
            text: Format.sentence(modelData)
            Layout.fillWidth: true
        }
    }
    SheetRow {
        visible: card.eyes.length > 0 && !card.facts.known
        title: qsTr("Takes in pictures or sounds by")
        explanation: card.facts.asks ? qsTr("Only you know which file (mmproj) belongs to this model.") : ""
        Choice {
            objectName: "eyes"
            enabled: !card.busy
            label: qsTr("Takes in pictures or sounds by")
            model: [{ value: "", text: qsTr("nothing: words alone") }].concat(card.eyes.map((eye) => ({ value: eye.path, text: eye.title })))
            chosen: card.adding.eyes
            implicitWidth: Theme.px(260)
            onActivated: card.adding.eyes = currentValue
        }
    }
    SheetRow {
        visible: !card.facts.known
        title: qsTr("Its name in Medley")
        Field {
            objectName: "modelName"
            label: qsTr("Its name in Medley")
            enabled: !card.busy
            text: card.adding.name
            implicitWidth: Theme.px(260)
            Layout.fillWidth: true
            onTextEdited: card.adding.name = text
            Keys.onReturnPressed: addButton.click()
            Keys.onEnterPressed: addButton.click()
        }
    }
    Words {
        objectName: "nameProblem"
        visible: text !== "" && !card.facts.known
        text: Format.sentence(card.adding.nameProblem)
        color: Theme.colour.danger
        Layout.fillWidth: true
    }
    Words {
        objectName: "knownAs"
        visible: !!card.facts.known
        text: qsTr("You added this model already, as %1.").arg(card.facts.known ?? "")
        Layout.fillWidth: true
    }
    WaitingCard {
        visible: card.busy
        label: qsTr("Reading the files once, to know them again:")
        detail: card.adding.file
        share: card.adding.share
        Layout.fillWidth: true
        onCancelled: card.adding.cancel()
    }
    RowLayout {
        visible: !card.busy
        spacing: Theme.medium
        ActionButton {
            id: addButton
            objectName: "addModel"
            visible: !card.facts.known
            text: qsTr("Add")
            primary: true
            enabled: card.adding.nameProblem === "" && card.adding.name !== ""
            onClicked: card.adding.add()
        }
        ActionButton {
            objectName: "useKnown"
            visible: !!card.facts.known && card.facts.purpose === "talk"
            text: qsTr("Use it here")
            primary: true
            onClicked: {
                medley.picker.choose(card.facts.known);
                card.done();
            }
        }
        Words {
            visible: !card.facts.known
            text: qsTr("It stays where it is; Medley links to it.")
            faint: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
    }
}
