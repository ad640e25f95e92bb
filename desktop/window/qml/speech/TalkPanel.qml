// Over the composer while a conversation goes on: who speaks, what was understood, and the way out.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: panel

    readonly property string phase: medley.talk.phase
    readonly property bool failed: phase === "failed"
    readonly property string state_: phase === "starting" ? qsTr("Getting ready …")
                                   : phase === "listening" ? qsTr("Listening")
                                   : phase === "hearing" ? qsTr("Hearing you")
                                   : phase === "thinking" ? qsTr("Thinking")
                                   : phase === "speaking" ? qsTr("Speaking")
                                   : phase === "muted" ? qsTr("Muted")
                                   : failed ? qsTr("It does not work just now") : ""
    readonly property string caption: failed ? Format.sentence(medley.talk.reason)
                                    : phase === "speaking" ? medley.talk.spoken
                                    : phase === "starting" && medley.talk.device !== "" ? qsTr("Speak already: what you say is kept.")
                                    : phase === "listening" && medley.talk.handsFree ? qsTr("Just speak. %1 or Esc ends.").arg(medley.talk.key)
                                    : medley.talk.heard

    objectName: "talkPanel"
    visible: medley.talk.on
    implicitHeight: visible ? content.implicitHeight + 2 * Theme.medium : 0
    radius: Theme.radiusLarge
    color: Theme.colour.surface
    border.width: Theme.highContrast ? Theme.ring : Theme.hair
    border.color: failed ? Theme.colour.danger : phase === "hearing" ? Theme.colour.accent : Theme.colour.outline
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Conversation: %1").arg(state_)

    onState_Changed: if (state_ !== "") panel.Accessible.announce(failed ? state_ + ". " + caption : state_, Accessible.Polite)

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        spacing: Theme.medium

        Face {
            readonly property int size: Theme.px(panel.width < Theme.px(420) ? 56 : 84)
            objectName: "talkFace"
            state: panel.phase === "starting" ? "idle" : panel.phase
            visemes: medley.talk.mouth.visemes
            loudness: medley.talk.mouth.loudness
            position: medley.talk.mouth.position
            Layout.preferredWidth: size
            Layout.preferredHeight: size
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            RowLayout {
                spacing: Theme.small
                Layout.fillWidth: true
                Glyph {
                    visible: panel.failed || panel.phase === "muted"
                    glyph: panel.failed ? "warning" : "microphone-off"
                    color: panel.failed ? Theme.colour.danger : Theme.colour.muted
                }
                Words {
                    objectName: "talkState"
                    text: panel.state_
                    strong: true
                }
                LevelBars {
                    visible: panel.phase === "listening" || panel.phase === "hearing"
                    level: medley.talk.level
                    tint: panel.phase === "hearing" ? Theme.colour.accent : Theme.colour.muted
                }
                Words {
                    visible: medley.talk.device !== ""
                    text: medley.talk.device
                    faint: true
                    size: Theme.fontSmall
                    elide: Text.ElideRight
                    wrapMode: Text.NoWrap
                    Layout.fillWidth: true
                }
            }
            Words {
                objectName: "talkCaption"
                visible: text !== ""
                text: panel.caption
                faint: !panel.failed && panel.phase !== "hearing"
                maximumLineCount: 3
                elide: Text.ElideLeft
                lineHeight: 1.25
                Layout.fillWidth: true
            }
            ActionButton {
                objectName: "talkGetStarter"
                visible: panel.failed && medley.talk.kind === "no_model"
                text: qsTr("Get the starter")
                glyph: "save"
                primary: true
                Layout.topMargin: Theme.tiny
                onClicked: medley.models.getStarter()
            }
        }
        IconButton {
            objectName: "talkSilence"
            visible: panel.phase === "speaking" || panel.phase === "thinking"
            glyph: "stop"
            label: qsTr("Stop this answer")
            onClicked: medley.talk.silence()
        }
        IconButton {
            objectName: "talkMute"
            visible: medley.talk.handsFree
            glyph: medley.talk.muted ? "microphone-off" : "microphone"
            label: medley.talk.muted ? qsTr("Listen again") : qsTr("Mute the microphone")
            checked: medley.talk.muted
            onClicked: medley.talk.mute(!medley.talk.muted)
        }
        IconButton {
            objectName: "talkEnd"
            glyph: "close"
            label: qsTr("End the conversation")
            hint: "Esc"
            onClicked: medley.talk.end()
        }
    }
}
