// A list of cards that fills its page; the arrow keys go from card to card.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

ListView {
    id: list

    required property string label
    readonly property int room: width - (contentHeight > height ? Theme.medium : 0)

    clip: true
    spacing: Theme.small
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: count > 0 || Window.activeFocusItem === list
    keyNavigationEnabled: true
    highlightMoveDuration: 0
    Accessible.role: Accessible.List
    Accessible.name: label
    ScrollBar.vertical: ThinScrollBar {}
}
