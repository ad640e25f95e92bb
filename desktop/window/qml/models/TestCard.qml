// The self-test of a bundle: step by step while it runs, and what came of it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: card

    readonly property QtObject testing: medley.ownModels.testing
    readonly property bool running: testing.state === "running"
    readonly property var facts: testing.facts

    // What a step was about, where its sentence does not say so.
    function named(step: string): string {
        return step === "image" ? qsTr("Pictures") : step === "audio" ? qsTr("Sounds") : step === "video" ? qsTr("Clips") : "";
    }

    function said(step: string, sentence: string): string {
        const name = named(step);
        return name === "" ? Format.sentence(sentence) : qsTr("%1: %2").arg(name).arg(Format.sentence(sentence));
    }

    objectName: "testCard"
    spacing: Theme.small

    WaitingCard {
        visible: card.running
        label: qsTr("Trying what it can:")
        detail: qsTr("You can use it meanwhile.")
        share: card.testing.share
        stop: qsTr("Later")
        Layout.fillWidth: true
        onCancelled: card.testing.cancel()
    }
    Words {
        objectName: "testSummary"
        visible: card.testing.state === "done"
        text: [
            card.facts.ok ? qsTr("Everything that it can was tried, and works.") : qsTr("Not everything works; see below."),
            card.facts.speed > 0 ? qsTr("%1 tokens per second").arg(Format.decimal(card.facts.speed, card.facts.speed < 10 ? 1 : 0)) : "",
            card.facts.memory > 0 ? qsTr("%1 of memory").arg(Format.disk(card.facts.memory)) : "",
            card.facts.context > 0 ? qsTr("a context of %1 tokens fits").arg(Format.count(card.facts.context)) : ""
        ].filter((word) => word !== "").join("  ·  ")
        strong: true
        lineHeight: 1.3
        Layout.fillWidth: true
        Accessible.role: Accessible.AlertMessage
    }
    Words {
        visible: card.testing.state === "failed" || card.testing.state === "stopped"
        text: card.testing.state === "failed" ? Format.sentence(card.testing.problem) : qsTr("The test was put off. It can be done at any time.")
        color: card.testing.state === "failed" ? Theme.colour.danger : Theme.colour.muted
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    Repeater {
        model: card.testing
        delegate: RowLayout {
            id: line

            required property string step
            required property string outcome
            required property string sentence

            objectName: "testStep"
            spacing: Theme.small
            Layout.fillWidth: true
            Glyph {
                glyph: line.outcome === "passed" ? "check" : line.outcome === "failed" ? "warning" : "right"
                color: line.outcome === "passed" ? Theme.colour.good : line.outcome === "failed" ? Theme.colour.danger : Theme.colour.muted
                Layout.alignment: Qt.AlignTop
            }
            Words {
                text: card.said(line.step, line.sentence)
                faint: line.outcome === "not applicable"
                lineHeight: 1.25
                Layout.fillWidth: true
            }
        }
    }
    ActionButton {
        objectName: "testAgain"
        visible: !card.running && card.testing.name !== ""
        text: qsTr("Test again")
        glyph: "again"
        onClicked: card.testing.start(card.testing.name)
    }
}
