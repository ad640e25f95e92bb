// Something being made: a first look at it, the step it is at, the time left, and a way to stop it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Rectangle {
    id: card

    required property var model
    required property Item row

    readonly property string modality: model.modality
    readonly property int step: model.step
    readonly property int of: model.of
    readonly property bool looking: model.preview.toString() !== ""
    readonly property string doing: modality === "image" ? qsTr("Painting a picture")
                                  : modality === "audio" ? qsTr("Making a sound")
                                  : modality === "video" ? qsTr("Filming a clip")
                                  : qsTr("Making something (%1)").arg(modality)

    objectName: "renderingCard"
    width: Math.min(row.room, Theme.px(460))
    height: content.implicitHeight + 2 * Theme.medium
    radius: Theme.radiusMedium
    color: Theme.colour.surface
    border.width: Theme.hair
    border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    Accessible.role: Accessible.Grouping
    Accessible.name: doing + ". " + progressWords.text

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        spacing: Theme.large

        Item {
            implicitWidth: Theme.px(112)
            implicitHeight: implicitWidth
            Rectangle {
                anchors.fill: parent
                color: Theme.colour.hover
            }
            PictureView {
                anchors.fill: parent
                source: card.model.preview
                crop: true
                Accessible.ignored: true
            }
            Glyph {
                visible: !card.looking
                glyph: Theme.drawing(card.modality)
                size: Theme.px(32)
                color: Theme.hue(card.modality)
                anchors.centerIn: parent
                SequentialAnimation on opacity {
                    running: !card.looking && Theme.moving
                    loops: Animation.Infinite
                    NumberAnimation { from: 1; to: 0.35; duration: 900; easing.type: Easing.InOutSine }
                    NumberAnimation { from: 0.35; to: 1; duration: 900; easing.type: Easing.InOutSine }
                }
            }
            CornerMask { behind: Theme.colour.surface; corner: Theme.radiusSmall }
        }
        ColumnLayout {
            spacing: Theme.small
            Layout.fillWidth: true
            RowLayout {
                spacing: Theme.tiny
                Words {
                    text: card.doing
                    strong: true
                    elide: Text.ElideRight
                    wrapMode: Text.NoWrap
                    Layout.fillWidth: true
                }
                IconButton {
                    glyph: "close"
                    label: qsTr("Cancel this one")
                    size: Theme.px(28)
                    glyphSize: Theme.px(16)
                    onClicked: medley.transcript.cancelArtifact(card.row.messageId, card.model.artifactIndex)
                }
            }
            ProgressLine {
                label: card.doing
                tint: Theme.hue(card.modality)
                from: 0
                to: Math.max(1, card.of)
                value: card.step
                indeterminate: card.of <= 0 || card.step <= 0
                Layout.fillWidth: true
            }
            Words {
                id: progressWords
                readonly property string remaining: Format.left(card.model.eta)
                text: card.of <= 0 || card.step <= 0 ? qsTr("Getting ready …")
                    : remaining === "" ? qsTr("Step %1 of %2").arg(card.step).arg(card.of)
                    : qsTr("Step %1 of %2, %3").arg(card.step).arg(card.of).arg(remaining)
                faint: true
                size: Theme.fontSmall
                Layout.fillWidth: true
            }
        }
    }
}
