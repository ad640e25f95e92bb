// What is missing, and what to do.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: missing

    property string words: ""

    objectName: "missing"
    visible: words !== ""
    implicitHeight: row.implicitHeight + 2 * Theme.medium
    radius: Theme.radiusMedium
    color: Theme.colour.warningSoft
    border.width: Theme.highContrast ? Theme.hair : 0
    border.color: Theme.colour.outline
    Layout.fillWidth: true
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    RowLayout {
        id: row
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        spacing: Theme.small
        Glyph {
            glyph: "warning"
            color: Theme.colour.warning
            Layout.alignment: Qt.AlignTop
        }
        Words {
            text: missing.words
            lineHeight: 1.3
            Layout.fillWidth: true
        }
    }
}
