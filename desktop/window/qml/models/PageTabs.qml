// The pages of a sheet side by side; the arrow keys go from one to the next.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

ListView {
    id: tabs

    required property string label
    required property var pages

    implicitHeight: Theme.control
    orientation: ListView.Horizontal
    spacing: Theme.px(2)
    model: pages
    activeFocusOnTab: true
    keyNavigationEnabled: true
    focus: true
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: 0
    Accessible.role: Accessible.PageTabList
    Accessible.name: label

    delegate: ItemDelegate {
        id: tab

        required property var modelData
        required property int index
        readonly property bool chosen: ListView.isCurrentItem

        objectName: "page/" + modelData.key
        height: tabs.height
        text: modelData.name
        font.pixelSize: Theme.fontUi
        font.weight: chosen ? Font.DemiBold : Font.Normal
        focusPolicy: Qt.NoFocus
        leftPadding: Theme.medium
        rightPadding: Theme.medium
        topPadding: 0
        bottomPadding: 0
        spacing: Theme.small
        icon.source: Theme.glyph(modelData.glyph)
        icon.width: Theme.icon
        icon.height: Theme.icon
        icon.color: chosen ? Theme.colour.softInk : Theme.colour.muted
        palette.text: chosen ? Theme.colour.softInk : Theme.colour.text
        Accessible.role: Accessible.PageTab
        Accessible.name: text
        Accessible.selected: chosen
        Accessible.onPressAction: tabs.currentIndex = index
        onClicked: tabs.currentIndex = index
        background: Rectangle {
            radius: Theme.radiusMedium
            color: tab.chosen ? Theme.colour.soft : tab.hovered ? Theme.colour.hover : "transparent"
            border.width: Theme.highContrast && tab.chosen ? Theme.ring : 0
            border.color: Theme.colour.text
            FocusRing { shown: tab.chosen && tabs.activeFocus; gap: -Theme.ring }
        }
    }
}
