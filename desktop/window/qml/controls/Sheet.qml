// A dialog over the window: title, closing button, content, and what to do at the foot.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../theme"

Dialog {
    id: sheet

    property int wish: Theme.px(520)
    property alias foot: footRow.data
    property bool footed: false

    parent: Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(wish, parent.width - 2 * Theme.large) : wish
    height: parent ? Math.min(implicitHeight, parent.height - 2 * Theme.large) : implicitHeight
    modal: true
    focus: true
    padding: Theme.wide
    topPadding: Theme.small
    closePolicy: Popup.CloseOnEscape | Popup.CloseOnPressOutside

    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }
    Overlay.modal: Rectangle { color: Theme.colour.scrim }

    background: Rectangle {
        color: Theme.colour.raised
        radius: Theme.radiusLarge
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    }
    header: RowLayout {
        spacing: Theme.small
        Words {
            text: sheet.title
            strong: true
            size: Theme.fontTitle
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Layout.leftMargin: Theme.wide
            Layout.topMargin: Theme.large
            Layout.bottomMargin: Theme.small
            Accessible.role: Accessible.Heading
        }
        IconButton {
            glyph: "close"
            label: qsTr("Close")
            Layout.rightMargin: Theme.large
            Layout.topMargin: Theme.large
            Layout.bottomMargin: Theme.small
            onClicked: sheet.close()
        }
    }
    footer: Item {
        visible: sheet.footed
        implicitHeight: sheet.footed ? footRow.implicitHeight + Theme.large + Theme.wide : 0
        // In several lines where there is no room beside each other.
        Flow {
            id: footRow
            spacing: Theme.small
            layoutDirection: Qt.RightToLeft
            anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: Theme.wide; rightMargin: Theme.wide; topMargin: Theme.large }
        }
    }
}
