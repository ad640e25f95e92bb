// One preset: what it is called and tells the model, and what can be done with it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

FocusScope {
    id: line

    required property int index
    required property string presetId
    required property string name
    required property string system
    required property string bundle
    required property string voice
    required property int tools
    required property real temperature
    required property bool shipped
    property bool pointed: false
    readonly property string facts: [
        shipped ? qsTr("comes with Medley") : "",
        bundle === "" ? "" : Format.bundle(medley.picker.titleOf(bundle)),
        tools === 1 ? qsTr("with tools") : tools === 0 ? qsTr("without tools") : "",
        voice === "" ? "" : Format.voice(voice),
        temperature < 0 ? "" : qsTr("temperature %1").arg(Format.decimal(temperature, 1))
    ].filter((word) => word !== "").join("  ·  ")

    signal taken(fresh: bool)
    signal editAsked()
    signal menuAsked(x: real, y: real)

    objectName: "preset/" + presetId
    implicitHeight: content.implicitHeight + 2 * Theme.medium
    Accessible.role: Accessible.ListItem
    Accessible.name: name
    Accessible.description: [system.slice(0, 200), facts].filter((word) => word !== "").join("  ·  ")
    Accessible.onPressAction: line.taken(true)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: hover.hovered ? Theme.colour.hover : Theme.colour.surface
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
        FocusRing { shown: line.pointed; gap: -Theme.ring }
    }
    HoverHandler { id: hover }
    TapHandler { onDoubleTapped: line.taken(true) }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: (point) => line.menuAsked(point.position.x, point.position.y)
    }

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.medium; rightMargin: Theme.small }
        spacing: Theme.small

        Glyph {
            glyph: "preset"
            Layout.alignment: Qt.AlignTop
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            Words {
                text: line.name
                strong: true
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                visible: text !== ""
                text: line.system.slice(0, 300).replace(/\s+/g, " ").trim()
                faint: true
                size: Theme.fontSmall
                maximumLineCount: 2
                elide: Text.ElideRight
                lineHeight: 1.2
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                visible: text !== ""
                text: line.facts
                faint: true
                size: Theme.fontSmall
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        ActionButton {
            objectName: "usePreset/" + line.presetId
            text: qsTr("Begin")
            implicitHeight: Theme.px(32)
            Accessible.name: qsTr("Begin a conversation with “%1”").arg(line.name)
            onClicked: line.taken(true)
        }
        IconButton {
            glyph: "edit"
            label: qsTr("Change “%1”").arg(line.name)
            size: Theme.px(30)
            glyphSize: Theme.px(16)
            onClicked: line.editAsked()
        }
        IconButton {
            id: more
            glyph: "more"
            label: qsTr("More for “%1”").arg(line.name)
            size: Theme.px(30)
            glyphSize: Theme.px(16)
            onClicked: line.menuAsked(line.width - Theme.px(40), line.height - Theme.small)
        }
    }
}
