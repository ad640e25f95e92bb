// A picture. A click opens it large; it can be dragged out.
import QtQuick
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
    Image {
        id: picture
        anchors.fill: parent
        source: card.block.source
        asynchronous: true
        sourceSize: Qt.size(Math.ceil(width * Screen.devicePixelRatio), Math.ceil(height * Screen.devicePixelRatio))
        fillMode: Image.PreserveAspectFit
        Accessible.ignored: true
    }
    Glyph {
        visible: picture.status === Image.Error
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
