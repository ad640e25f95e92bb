// Says what went wrong and what to do about it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../engine"
import "../theme"

Rectangle {
    id: card

    required property string text
    required property string action
    required property string modality
    required property Item row

    objectName: "errorCard"
    width: row.room
    height: content.implicitHeight + 2 * Theme.large
    radius: Theme.radiusMedium
    color: Theme.colour.dangerSoft
    border.width: Theme.highContrast ? Theme.ring : 0
    border.color: Theme.colour.danger
    Accessible.role: Accessible.AlertMessage
    Accessible.name: Format.sentence(text)

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.large }
        spacing: Theme.medium
        Glyph {
            glyph: "warning"
            color: Theme.colour.danger
            size: Theme.px(22)
            Layout.alignment: Qt.AlignTop
        }
        ColumnLayout {
            spacing: Theme.small
            Layout.fillWidth: true
            Words {
                text: card.modality === "image" ? qsTr("The picture could not be made")
                    : card.modality === "audio" ? qsTr("The sound could not be made")
                    : card.modality === "video" ? qsTr("The clip could not be made")
                    : card.modality !== "" ? qsTr("This could not be made (%1)").arg(Format.kind(card.modality))
                    : qsTr("This answer could not be finished")
                strong: true
                Layout.fillWidth: true
            }
            Words {
                text: Format.sentence(card.text)
                lineHeight: 1.3
                Layout.fillWidth: true
            }
            Flow {
                spacing: Theme.small
                Layout.fillWidth: true
                Layout.topMargin: Theme.tiny
                ActionButton {
                    objectName: "retryButton"
                    visible: card.action !== ""
                    text: qsTr("Try again")
                    glyph: "regenerate"
                    reachable: card.row.current || card.row.last
                    onClicked: {
                        if (card.action === "speak")
                            medley.transcript.sayAsVideo(card.row.messageId);
                        else
                            medley.transcript.retry(card.row.messageId);
                    }
                }
                ActionButton {
                    visible: card.action === "engine"
                    text: qsTr("Restart the engine")
                    glyph: "chip"
                    reachable: card.row.current || card.row.last
                    onClicked: medley.engine.restart()
                }
                SwitchOff {
                    reachable: card.row.current || card.row.last
                    shown: card.action !== "" && card.row.last
                }
                ActionButton {
                    objectName: "starterButton"
                    visible: card.action === "bundle" && medley.models.offered && medley.models.state === "rest"
                    text: qsTr("Get the starter")
                    glyph: "save"
                    reachable: card.row.current || card.row.last
                    onClicked: medley.models.getStarter()
                }
                ActionButton {
                    objectName: "formerButton"
                    visible: card.row.last && card.modality === "" && card.action !== "" && medley.picker.former !== ""
                             && (medley.picker.missing || medley.picker.problem !== "")
                    text: qsTr("Answer with %1").arg(Format.bundle(medley.picker.former))
                    glyph: "undo"
                    reachable: card.row.current || card.row.last
                    onClicked: {
                        medley.picker.goBack();
                        medley.transcript.retry(card.row.messageId);
                    }
                }
                ActionButton {
                    visible: card.action === "bundle"
                    text: qsTr("Choose a bundle")
                    glyph: "bundle"
                    reachable: card.row.current || card.row.last
                    onClicked: card.row.transcript.bundlesAsked()
                }
                ActionButton {
                    visible: card.action === "settings"
                    text: qsTr("Open the settings")
                    glyph: "settings"
                    reachable: card.row.current || card.row.last
                    onClicked: card.row.transcript.settingsAsked()
                }
            }
        }
    }
}
