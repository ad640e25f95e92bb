// A clip: its poster, played where it stands, with seek, loop and sound on or off.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Item {
    id: card

    required property Item block

    objectName: "clipCard"
    width: block.shownWidth
    height: block.shownHeight + bar.height + Theme.tiny
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Clip: %1").arg(block.title)

    Rectangle {
        width: parent.width
        height: card.block.shownHeight
        color: Theme.colour.hover
    }
    ClipView {
        id: view
        width: parent.width
        height: card.block.shownHeight
        mediaId: card.block.mediaId
        loop: loopButton.checked
        muted: soundButton.checked
        Accessible.role: Accessible.Graphic
        Accessible.name: qsTr("Clip: %1").arg(card.block.title)

        TapHandler { onTapped: view.toggle() }
        HoverHandler { cursorShape: Qt.PointingHandCursor }
        DragHandler {
            target: null
            onActiveChanged: if (active) medley.transcript.dragOut(card.block.mediaId)
        }
        CornerMask {}
        Rectangle {
            visible: !view.playing
            anchors.centerIn: parent
            width: Theme.px(52)
            height: width
            radius: width / 2
            color: "#B3101614"
            border.width: Theme.hair
            border.color: "#66FFFFFF"
            Glyph {
                glyph: "play"
                size: Theme.px(24)
                color: "#FFFFFF"
                anchors.centerIn: parent
            }
        }
    }
    RowLayout {
        id: bar
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Theme.px(32)
        spacing: Theme.tiny

        IconButton {
            glyph: view.playing ? "pause" : "play"
            label: view.playing ? qsTr("Pause the clip") : qsTr("Play the clip")
            reachable: card.block.reachable
            onClicked: view.toggle()
        }
        Track {
            id: seek
            label: qsTr("Place in the clip")
            tint: Theme.colour.video
            to: Math.max(0.01, view.duration > 0 ? view.duration : card.block.duration)
            stepSize: to / 20
            value: view.position
            reachable: card.block.reachable
            Layout.fillWidth: true
            onMoved: view.seek(value)
        }
        Words {
            text: Format.clock(view.position) + " / " + Format.clock(seek.to)
            faint: true
            size: Theme.fontSmall
            font.features: { "tnum": 1 }
        }
        IconButton {
            id: loopButton
            glyph: "loop"
            label: qsTr("Play in a loop")
            checkable: true
            checked: true
            reachable: card.block.reachable
        }
        IconButton {
            id: soundButton
            visible: view.hasAudio
            glyph: checked ? "muted" : "volume"
            label: checked ? qsTr("Sound on") : qsTr("Sound off")
            checkable: true
            reachable: card.block.reachable
        }
    }
    Words {
        visible: view.problem !== ""
        anchors { left: parent.left; right: parent.right; bottom: bar.top; margins: Theme.small }
        text: view.problem
        color: Theme.colour.danger
        size: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
    }
}
