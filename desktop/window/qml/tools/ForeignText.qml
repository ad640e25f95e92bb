// A text that somebody else wrote, as it is: no links, no markup, nothing loaded. It scrolls within a
// height of its own, and only what is in sight is laid out.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Rectangle {
    id: box

    // In order; each has a `text`, and a `kind` in a diff.
    required property var pieces
    required property string label
    property int most: Theme.px(220)
    property bool reachable: true

    implicitHeight: Math.min(list.contentHeight, most) + 2 * Theme.small
    radius: Theme.radiusSmall
    color: Theme.colour.code
    border.width: list.activeFocus ? Theme.ring : Theme.hair
    border.color: list.activeFocus ? Theme.colour.focus : Theme.highContrast ? Theme.colour.outline : Theme.colour.line

    ListView {
        id: list

        function scroll(pixels: real) {
            contentY = Math.max(originY, Math.min(originY + contentHeight - height, contentY + pixels));
        }

        objectName: "foreignText"
        anchors { fill: parent; margins: Theme.small; rightMargin: Theme.tiny }
        model: box.pieces
        currentIndex: -1
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        acceptedButtons: Qt.NoButton
        interactive: contentHeight > height
        activeFocusOnTab: box.reachable || Window.activeFocusItem === list
        Accessible.role: Accessible.Document
        Accessible.name: box.label
        Accessible.description: box.pieces.length > 0 ? box.pieces[0].text : ""
        ScrollBar.vertical: ThinScrollBar {}
        Keys.onPressed: (event) => {
            const step = ({ [Qt.Key_Up]: -Theme.px(40), [Qt.Key_Down]: Theme.px(40),
                            [Qt.Key_PageUp]: -height, [Qt.Key_PageDown]: height,
                            [Qt.Key_Home]: -contentHeight, [Qt.Key_End]: contentHeight })[event.key];
            event.accepted = step !== undefined && contentHeight > height;
            if (event.accepted)
                scroll(step);
        }

        delegate: Rectangle {
            id: piece

            required property var modelData

            width: list.width - Theme.px(8)
            height: words.implicitHeight
            color: modelData.kind === "add" ? Theme.colour.addedSoft
                 : modelData.kind === "remove" ? Theme.colour.dangerSoft : "transparent"

            TextEdit {
                id: words
                width: parent.width
                text: piece.modelData.text
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
                readOnly: true
                selectByMouse: true
                activeFocusOnPress: false
                activeFocusOnTab: false
                color: piece.modelData.kind === "add" ? Theme.colour.good
                     : piece.modelData.kind === "remove" ? Theme.colour.danger
                     : piece.modelData.kind === "head" ? Theme.colour.muted : Theme.colour.text
                selectionColor: Theme.colour.accent
                selectedTextColor: Theme.colour.accentInk
                font.family: Theme.mono
                font.pixelSize: Theme.px(13)
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
    }
}
