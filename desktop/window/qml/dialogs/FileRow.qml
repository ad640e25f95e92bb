// A file or a folder in a list to choose from.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ItemDelegate {
    id: row

    required property int index
    required property string fileName
    required property url fileUrl
    required property bool fileIsDir
    required property double fileSize
    required property FileSheet chooser
    required property ListView rows
    readonly property bool taken: chooser.chosen.some((one) => one.toString() === fileUrl.toString())
    readonly property bool pointed: ListView.isCurrentItem && rows.activeFocus

    objectName: "fileRow"
    width: rows.width
    implicitHeight: Theme.px(34)
    focusPolicy: Qt.NoFocus
    text: fileName
    Accessible.role: Accessible.ListItem
    Accessible.name: fileName
    Accessible.selected: taken
    Accessible.onPressAction: chooser.walk(row)
    Keys.onSpacePressed: chooser.choose(row, chooser.mode === "open")
    TapHandler {
        onTapped: (point, button) => {
            row.rows.forceActiveFocus();
            row.chooser.choose(row, row.chooser.mode === "open" && (point.modifiers & Qt.ControlModifier));
        }
        onDoubleTapped: row.chooser.walk(row)
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: row.taken ? Theme.colour.soft : row.hovered ? Theme.colour.hover : "transparent"
        FocusRing { shown: row.pointed; gap: -Theme.ring; corner: parent.radius }
    }
    contentItem: RowLayout {
        spacing: Theme.small
        Glyph {
            glyph: row.fileIsDir ? "folder" : row.taken ? "check" : "document"
            color: row.taken ? Theme.colour.softInk : Theme.colour.muted
        }
        Words {
            text: row.fileName
            color: row.taken ? Theme.colour.softInk : Theme.colour.text
            elide: Text.ElideMiddle
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.ignored: true
        }
        Words {
            text: row.fileIsDir ? "" : Format.bytes(row.fileSize)
            faint: true
            size: Theme.fontSmall
            Accessible.ignored: true
        }
    }
}
