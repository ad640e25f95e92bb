// A picture. A click opens it large; it can be dragged out.
import QtQuick
import Medley 1.0
import "../controls"
import "../theme"

Item {
    id: card

    required property Item block

    function open() {
        block.row.transcript.pictureAsked(block.source, block.mediaId, block.title,
                                          block.naturalWidth, block.naturalHeight);
    }

    objectName: "pictureCard"
    width: block.shownWidth
    height: block.shownHeight
    activeFocusOnTab: block.row.current || block.row.last || Window.activeFocusItem === card
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("Open the picture: %1").arg(block.title)
    Accessible.focusable: true
    Accessible.onPressAction: card.open()
    Keys.onReturnPressed: open()
    Keys.onSpacePressed: open()

    Rectangle {
        anchors.fill: parent
        color: Theme.colour.hover
    }
    PictureView {
        id: picture
        anchors.fill: parent
        source: card.block.source
        Accessible.ignored: true
    }
    Glyph {
        visible: picture.status === "failed"
        glyph: "warning"
        size: Theme.px(28)
        anchors.centerIn: parent
    }
    CornerMask {}
    FocusRing { shown: card.activeFocus }

    HoverHandler { cursorShape: Qt.PointingHandCursor }
    TapHandler { onTapped: card.open() }
    DragHandler {
        target: null
        onActiveChanged: if (active) medley.transcript.dragOut(card.block.mediaId)
    }
}
