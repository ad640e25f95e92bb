// A picture over the whole window, with zoom.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Popup {
    id: viewer

    property url source
    property string mediaId: ""
    property string name: ""
    property int naturalWidth: 1
    property int naturalHeight: 1
    property real zoom: 1
    property real fitted: fitting
    readonly property real shownWidth: naturalWidth * zoom
    readonly property real shownHeight: naturalHeight * zoom
    readonly property real fitting: Math.min((flick.width - 2 * Theme.wide) / naturalWidth, (flick.height - 2 * Theme.wide) / naturalHeight)
    readonly property real most: Math.max(8, 4 * fitting)

    signal saveAsked(mediaId: string)

    function zoomTo(wanted: real, x: real, y: real) {
        const next = Math.max(Math.min(1, fitting), Math.min(most, wanted));
        // The place of the picture that lies there stays there.
        const across = (flick.contentX + x - (flick.contentWidth - shownWidth) / 2) / zoom;
        const down = (flick.contentY + y - (flick.contentHeight - shownHeight) / 2) / zoom;
        zoom = next;
        const left = across * zoom - x + (flick.contentWidth - shownWidth) / 2;
        const top = down * zoom - y + (flick.contentHeight - shownHeight) / 2;
        flick.contentX = Math.max(0, Math.min(left, flick.contentWidth - flick.width));
        flick.contentY = Math.max(0, Math.min(top, flick.contentHeight - flick.height));
    }
    function step(factor: real) {
        zoomTo(zoom * factor, flick.width / 2, flick.height / 2);
    }

    parent: Overlay.overlay
    width: parent ? parent.width : 0
    height: parent ? parent.height : 0
    modal: true
    focus: true
    padding: 0
    // What fits goes on fitting when the window changes its size.
    onFittingChanged: {
        if (Math.abs(zoom - fitted) < 1e-9)
            zoom = fitting;
        fitted = fitting;
    }
    onAboutToShow: zoom = fitting
    onOpened: {
        zoom = fitting;
        flick.forceActiveFocus();
    }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }
    background: Rectangle { color: Theme.colour.window }

    contentItem: Item {
        objectName: "pictureViewer"
        PictureView {
            objectName: "viewedPicture"
            anchors.fill: flick
            source: viewer.visible ? viewer.source : ""
            frame: Qt.rect((flick.contentWidth - viewer.shownWidth) / 2 - flick.contentX,
                           (flick.contentHeight - viewer.shownHeight) / 2 - flick.contentY,
                           viewer.shownWidth, viewer.shownHeight)
            Accessible.ignored: true
        }
        Flickable {
            id: flick

            anchors { fill: parent; topMargin: bar.height }
            contentWidth: Math.max(width, viewer.shownWidth)
            contentHeight: Math.max(height, viewer.shownHeight)
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            Accessible.role: Accessible.Graphic
            Accessible.name: viewer.name
            ScrollBar.vertical: ThinScrollBar {}
            ScrollBar.horizontal: ThinScrollBar {}
            Keys.onPressed: (event) => {
                const by = Theme.px(60);
                switch (event.key) {
                case Qt.Key_Plus: case Qt.Key_Equal: viewer.step(1.25); break;
                case Qt.Key_Minus: viewer.step(0.8); break;
                case Qt.Key_0: viewer.zoom = viewer.fitting; break;
                case Qt.Key_1: viewer.zoomTo(1, width / 2, height / 2); break;
                case Qt.Key_Left: flick.contentX = Math.max(0, flick.contentX - by); break;
                case Qt.Key_Right: flick.contentX = Math.min(contentWidth - width, flick.contentX + by); break;
                case Qt.Key_Up: flick.contentY = Math.max(0, flick.contentY - by); break;
                case Qt.Key_Down: flick.contentY = Math.min(contentHeight - height, flick.contentY + by); break;
                default: return;
                }
                event.accepted = true;
            }

            TapHandler {
                onDoubleTapped: (point) => viewer.zoom > viewer.fitting * 1.01
                    ? viewer.zoom = viewer.fitting
                    : viewer.zoomTo(Math.max(2 * viewer.fitting, 1), point.position.x - flick.contentX, point.position.y - flick.contentY)
            }
            WheelHandler {
                acceptedModifiers: Qt.ControlModifier
                target: null
                onWheel: (event) => viewer.zoomTo(viewer.zoom * Math.pow(1.2, event.angleDelta.y / 120), event.x, event.y)
            }
            PinchHandler {
                target: null
                onScaleChanged: (delta) => viewer.zoomTo(viewer.zoom * delta, centroid.position.x, centroid.position.y)
            }
        }

        RowLayout {
            id: bar
            anchors { left: parent.left; right: parent.right; leftMargin: Theme.large; rightMargin: Theme.large }
            height: Theme.px(56)
            spacing: Theme.tiny
            Words {
                text: viewer.name
                strong: true
                elide: Text.ElideMiddle
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
            }
            Words {
                text: qsTr("%1 %").arg(Math.round(100 * viewer.zoom))
                faint: true
                size: Theme.px(13)
                Layout.rightMargin: Theme.small
            }
            IconButton { glyph: "zoom-out"; label: qsTr("Smaller"); hint: "-"; onClicked: viewer.step(0.8) }
            IconButton { glyph: "zoom-in"; label: qsTr("Larger"); hint: "+"; onClicked: viewer.step(1.25) }
            IconButton { glyph: "fit"; label: qsTr("Fit into the window"); hint: "0"; onClicked: viewer.zoom = viewer.fitting }
            IconButton { glyph: "copy"; label: qsTr("Copy the picture"); onClicked: medley.transcript.copyMedia(viewer.mediaId) }
            IconButton { glyph: "save"; label: qsTr("Save as …"); onClicked: viewer.saveAsked(viewer.mediaId) }
            IconButton { glyph: "close"; label: qsTr("Close"); hint: "Esc"; onClicked: viewer.close() }
        }
    }
}
