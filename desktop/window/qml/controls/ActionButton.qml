// A button with words. `primary` is what most people want, `danger` cannot be taken back.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

Button {
    id: control

    property bool primary: false
    property bool reachable: true
    property bool danger: false
    property bool quiet: false
    property string glyph: ""

    property color ink: primary ? (danger ? Theme.colour.dangerInk : Theme.colour.accentInk)
                      : danger ? Theme.colour.danger : Theme.colour.text

    // Never taken away from what the window takes for focused: Qt forbids it.
    focusPolicy: reachable || Window.activeFocusItem === control ? Qt.StrongFocus : Qt.NoFocus
    implicitHeight: Theme.control
    leftPadding: Theme.large
    rightPadding: Theme.large
    topPadding: 0
    bottomPadding: 0
    spacing: Theme.small
    font.pixelSize: Theme.fontUi
    font.weight: Font.DemiBold
    icon.source: Theme.glyph(glyph)
    icon.width: Theme.icon
    icon.height: Theme.icon
    icon.color: enabled ? ink : Theme.colour.outline
    palette.buttonText: icon.color
    Accessible.name: text
    Accessible.onPressAction: control.click()
    Keys.onReturnPressed: control.click()
    Keys.onEnterPressed: control.click()

    background: Rectangle {
        radius: Theme.radiusMedium
        color: control.primary
               ? (!control.enabled ? Theme.colour.pressed
                  : control.danger ? Theme.colour.danger
                  : control.hovered || control.down ? Theme.colour.accentHover : Theme.colour.accent)
               : control.down ? Theme.colour.pressed
               : control.hovered ? Theme.colour.hover
               : control.quiet ? "transparent" : Theme.colour.surface
        border.width: control.primary || control.quiet ? 0 : Theme.hair
        border.color: control.danger ? Theme.colour.danger : Theme.colour.edge
        FocusRing { shown: control.visualFocus; corner: parent.radius }
    }
}
