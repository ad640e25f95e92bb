// One card of a list: what it is, what is said of it, and what can be done with it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

FocusScope {
    id: card

    required property string title
    property string told: ""
    property string glyph: ""
    property color tint: Theme.colour.muted
    property bool pointed: false
    readonly property bool narrow: width < Theme.px(400)
    property alias more: extra.data
    default property alias actions: row.data

    implicitHeight: content.implicitHeight + 2 * Theme.medium
    Accessible.role: Accessible.ListItem
    Accessible.name: title
    Accessible.description: told

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: Theme.colour.surface
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
        FocusRing { shown: card.pointed; gap: -Theme.ring }
    }
    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        spacing: Theme.small

        GridLayout {
            columns: card.narrow ? 2 : 3
            columnSpacing: Theme.medium
            rowSpacing: Theme.small
            Glyph {
                visible: card.glyph !== ""
                glyph: card.glyph
                color: card.tint
                Layout.alignment: Qt.AlignTop
            }
            ColumnLayout {
                spacing: Theme.px(2)
                Layout.fillWidth: true
                Words {
                    text: card.title
                    strong: true
                    wrapMode: Text.WrapAtWordBoundaryOrAnywhere
                    maximumLineCount: 3
                    elide: Text.ElideRight
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
                Words {
                    visible: card.told !== ""
                    text: card.told
                    faint: true
                    size: Theme.fontSmall
                    lineHeight: 1.25
                    wrapMode: Text.WrapAtWordBoundaryOrAnywhere
                    maximumLineCount: 8
                    elide: Text.ElideRight
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
            }
            RowLayout {
                id: row
                spacing: Theme.tiny
                Layout.columnSpan: card.narrow ? 2 : 1
                Layout.alignment: card.narrow ? Qt.AlignRight : Qt.AlignVCenter
            }
        }
        ColumnLayout {
            id: extra
            visible: children.length > 0
            spacing: Theme.small
            Layout.fillWidth: true
            Layout.leftMargin: card.glyph === "" || card.narrow ? 0 : Theme.icon + Theme.medium
        }
    }
}
