// A line of a form: what it is and what it does on the left, the control on the right, or under it
// where there is no room.
import QtQuick
import QtQuick.Layouts
import "../theme"

GridLayout {
    id: row

    required property string title
    property string explanation: ""
    default property alias controls: holder.data
    readonly property bool narrow: width < Theme.px(430)

    columns: narrow ? 1 : 2
    columnSpacing: Theme.wide
    rowSpacing: Theme.small
    Layout.fillWidth: true

    ColumnLayout {
        spacing: Theme.px(2)
        Layout.fillWidth: true
        Words {
            text: row.title
            Layout.fillWidth: true
        }
        Words {
            visible: row.explanation !== ""
            text: row.explanation
            faint: true
            size: Theme.fontSmall
            lineHeight: 1.25
            Layout.fillWidth: true
        }
    }
    RowLayout {
        id: holder
        spacing: Theme.small
        Layout.fillWidth: row.narrow
        Layout.alignment: row.narrow ? Qt.AlignLeft : Qt.AlignRight | Qt.AlignVCenter
    }
}
