// Media and documents that were found, side by side.
import QtQuick
import QtQuick.Controls.Basic
import Medley 1.0
import "../controls"
import "../theme"

ListView {
    id: hits

    signal opened()

    implicitHeight: Theme.px(76)
    orientation: ListView.Horizontal
    spacing: Theme.small
    clip: true
    // Nothing is made ahead: a row that is being made when the rows change makes Qt complain.
    cacheBuffer: 0
    model: medley.mediaHits
    activeFocusOnTab: true
    keyNavigationEnabled: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Media found")
    ScrollBar.horizontal: ThinScrollBar {}

    delegate: AbstractButton {
        id: hit

        required property int index
        required property string modality
        required property url thumbnail
        required property string conversationId
        required property string messageId
        required property string caption

        width: Theme.px(64)
        height: width
        focusPolicy: Qt.NoFocus
        text: caption === "" ? Format.kind(modality) : qsTr("%1: %2").arg(Format.kind(modality)).arg(caption)
        Accessible.name: text
        ToolTip.text: text
        ToolTip.delay: 500
        ToolTip.visible: hovered
        Keys.onReturnPressed: click()
        onClicked: {
            medley.conversations.openHit(conversationId, messageId);
            hits.opened();
        }

        contentItem: Item {
            Rectangle {
                anchors.fill: parent
                color: Theme.colour.pressed
                radius: Theme.radiusSmall
            }
            PictureView {
                anchors.fill: parent
                source: hit.thumbnail
                crop: true
            }
            Glyph {
                visible: hit.thumbnail.toString() === ""
                glyph: Theme.drawing(hit.modality)
                color: Theme.hue(hit.modality)
                anchors.centerIn: parent
            }
            CornerMask { behind: Theme.colour.sidebar; corner: Theme.radiusSmall }
            FocusRing {
                shown: hits.activeFocus && hit.ListView.isCurrentItem
                gap: -Theme.ring
                corner: Theme.radiusSmall
            }
        }
    }
}
