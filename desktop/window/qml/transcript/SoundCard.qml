// A sound: play, and a wave that is also where to seek.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Rectangle {
    id: card

    required property Item block
    readonly property bool small: block.recording

    objectName: "soundCard"
    width: block.shownWidth
    height: Theme.px(small ? 36 : 64)
    radius: Theme.radiusMedium
    color: Theme.colour.surface
    border.width: Theme.hair
    border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Sound: %1").arg(block.title)

    SoundPlayer {
        id: player
        mediaId: card.block.mediaId
    }

    RowLayout {
        anchors { fill: parent; leftMargin: card.small ? Theme.tiny : Theme.medium; rightMargin: card.small ? Theme.medium : Theme.large }
        spacing: card.small ? Theme.small : Theme.medium

        IconButton {
            glyph: player.playing ? "pause" : "play"
            label: player.playing ? qsTr("Pause the sound") : qsTr("Play the sound")
            filled: true
            size: Theme.px(card.small ? 26 : 38)
            glyphSize: Theme.px(card.small ? 14 : 20)
            reachable: card.block.reachable
            onClicked: player.toggle()
        }
        Track {
            id: seek
            label: qsTr("Place in the sound")
            to: Math.max(0.01, card.block.duration)
            stepSize: to / 20
            value: player.position
            reachable: card.block.reachable
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(card.small ? 24 : 40)
            onMoved: player.seek(value)
            background: Waveform {
                width: seek.width
                height: seek.height
                mediaId: card.block.mediaId
                color: Theme.colour.outline
                playedColor: Theme.colour.audio
                progress: seek.visualPosition
            }
            handle: Rectangle {
                x: seek.visualPosition * (seek.width - width)
                width: Theme.px(2)
                height: seek.height
                radius: Theme.hair
                color: Theme.colour.audio
                visible: seek.value > 0 || seek.visualFocus
            }
            FocusRing { shown: seek.visualFocus; corner: Theme.radiusSmall }
        }
        Words {
            text: Format.clock(player.playing || player.position > 0 ? player.position : card.block.duration)
            faint: true
            size: Theme.fontSmall
            font.features: { "tnum": 1 }
        }
    }
    Words {
        visible: player.problem !== ""
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.tiny }
        text: player.problem
        color: Theme.colour.danger
        size: Theme.fontSmall
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
        horizontalAlignment: Text.AlignHCenter
    }
    DragHandler {
        target: null
        onActiveChanged: if (active) medley.transcript.dragOut(card.block.mediaId)
    }
}
