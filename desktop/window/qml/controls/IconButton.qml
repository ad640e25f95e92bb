// A button that is only a drawing. Its name is read aloud and shown beside the pointer.
import QtQuick
import QtQuick.Controls.Basic
import "../theme"

Button {
    id: control

    required property string glyph
    required property string label
    property bool reachable: true
    property color tint: Theme.colour.muted
    property int size: Theme.px(32)
    property int glyphSize: Theme.icon
    property bool filled: false
    property string hint: ""

    text: label
    display: AbstractButton.IconOnly
    // Never taken away from what the window takes for focused: Qt forbids it.
    focusPolicy: reachable || Window.activeFocusItem === control ? Qt.StrongFocus : Qt.NoFocus
    implicitWidth: size
    implicitHeight: size
    padding: 0
    icon.source: Theme.glyph(glyph)
    icon.width: glyphSize
    icon.height: glyphSize
    icon.color: !enabled ? Theme.colour.outline
              : filled ? Theme.colour.accentInk
              : checked ? Theme.colour.softInk
              : hovered || visualFocus ? Theme.colour.text : tint
    Accessible.name: label
    Accessible.description: hint
    Accessible.onPressAction: control.click()
    Keys.onReturnPressed: control.click()
    Keys.onEnterPressed: control.click()

    ToolTip.text: hint === "" ? label : label + " (" + hint + ")"
    ToolTip.delay: 600
    ToolTip.visible: (hovered || visualFocus) && label !== "" && !pressed

    background: Rectangle {
        radius: control.filled ? height / 2 : Theme.radiusSmall
        color: control.filled ? (!control.enabled ? Theme.colour.pressed
                                 : control.hovered ? Theme.colour.accentHover : Theme.colour.accent)
             : control.down ? Theme.colour.pressed
             : control.checked ? Theme.colour.soft
             : control.hovered ? Theme.colour.hover : "transparent"
        border.width: Theme.highContrast && (control.checked || control.hovered) ? Theme.hair : 0
        border.color: Theme.colour.outline
        FocusRing { shown: control.visualFocus; gap: 0; corner: parent.radius }
    }
}
