// One bundle: what it is, what it can answer with, whether its files are right.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

FocusScope {
    id: card

    required property string name
    required property string title
    required property string description
    required property real bytes
    required property list<string> modalities
    required property string routing
    required property list<string> licences
    required property bool current
    required property string verifyState
    required property string verifyText
    required property real verifyShare
    required property string problem
    property bool pointed: false
    readonly property string called: Format.bundle(title)

    // The bundle that comes with Medley is described in the person's language.
    readonly property string words: name === "starter" ? qsTr("Answers everyday questions in English and Chinese with a small language model, hears and reads what you give it through other models, and makes Pocket's pictures, sounds and clips, and clip art. It makes mistakes, and has no clock and no internet.")
        : name !== "pocket" ? description
        : qsTr("The very small model that comes with Medley: a whole NExT-GPT in miniature, trained from nothing. It knows twelve things in eight colours and four places, with their sounds and simple motions, and nothing of the world outside.")

    signal chosen()

    implicitHeight: content.implicitHeight + 2 * Theme.large
    Accessible.role: Accessible.ListItem
    Accessible.name: current ? qsTr("%1, in use").arg(called) : called
    Accessible.description: words

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: card.current ? Theme.colour.soft : Theme.colour.surface
        border.width: card.current && Theme.highContrast ? Theme.ring : Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : card.current ? Theme.colour.accent : Theme.colour.line
        FocusRing { shown: card.pointed && card.Window.activeFocusItem === card; gap: -Theme.ring }
    }

    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.large }
        spacing: Theme.small

        RowLayout {
            spacing: Theme.small
            Words {
                text: card.called
                strong: true
                size: Theme.px(16)
                Layout.fillWidth: true
            }
            Repeater {
                model: card.modalities
                delegate: Glyph {
                    required property string modelData
                    glyph: modelData
                    color: Theme.hue(modelData)
                    Accessible.ignored: false
                    Accessible.role: Accessible.Graphic
                    Accessible.name: Format.kind(modelData)
                }
            }
        }
        Words {
            visible: text !== ""
            text: card.words
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Words {
            text: [Format.bytes(card.bytes),
                   card.routing === "projected" ? qsTr("projected: the model's own states drive the decoders")
                                                : qsTr("captioned: the model writes captions for the decoders"),
                   card.licences.join(", ")].filter((word) => word !== "").join("  ·  ")
            faint: true
            size: Theme.fontSmall
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Words {
            visible: card.problem !== ""
            text: Format.sentence(card.problem)
            color: Theme.colour.danger
            Layout.fillWidth: true
        }
        ProgressLine {
            visible: card.verifyState === "running"
            label: verifying.text
            indeterminate: card.verifyShare < 0
            value: Math.max(0, card.verifyShare)
            Layout.fillWidth: true
        }
        Words {
            id: verifying
            objectName: "verifying"
            visible: card.verifyState === "running"
            text: card.verifyShare < 0 ? qsTr("Trying every part …") : qsTr("Reading the files: %1 %").arg(Math.floor(100 * card.verifyShare))
            faint: true
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        RowLayout {
            visible: card.verifyState === "ok" || card.verifyState === "failed"
            spacing: Theme.small
            Glyph {
                glyph: card.verifyState === "ok" ? "check" : "warning"
                color: card.verifyState === "ok" ? Theme.colour.good : Theme.colour.danger
            }
            Words {
                text: card.verifyState === "ok" ? qsTr("Every file is as it should be.") : Format.sentence(card.verifyText)
                color: card.verifyState === "ok" ? Theme.colour.good : Theme.colour.danger
                Layout.fillWidth: true
            }
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            Layout.topMargin: Theme.tiny
            ActionButton {
                visible: !card.current
                text: qsTr("Use this one")
                primary: true
                enabled: card.problem === ""
                Accessible.name: qsTr("Use %1").arg(card.called)
                onClicked: card.chosen()
            }
            Row {
                visible: card.current
                spacing: Theme.tiny
                height: Theme.control
                Glyph {
                    glyph: "check"
                    color: Theme.colour.softInk
                    anchors.verticalCenter: parent.verticalCenter
                }
                Words {
                    text: qsTr("In use")
                    strong: true
                    color: Theme.colour.softInk
                    rightPadding: Theme.small
                    anchors.verticalCenter: parent.verticalCenter
                }
            }
            ActionButton {
                text: qsTr("Verify")
                glyph: "offline"
                enabled: card.verifyState !== "running"
                Accessible.name: qsTr("Verify %1").arg(card.called)
                onClicked: medley.bundles.verify(card.name)
            }
        }
    }
}
