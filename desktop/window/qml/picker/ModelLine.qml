// One model: what it is called, what it answers in, what it needs, and why it may not be usable.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: line

    required property int index
    required property string name
    required property string title
    required property list<string> modalities
    required property real bytes
    required property int context
    required property string problem
    required property bool chosen
    required property real memoryBytes
    property bool pointed: false
    readonly property bool usable: problem === ""
    readonly property string called: Format.bundle(title)
    readonly property string needs: [
        bytes > 0 ? qsTr("%1 on the disk").arg(Format.disk(bytes)) : "",
        memoryBytes > 0 ? qsTr("%1 in memory").arg(Format.disk(memoryBytes)) : "",
        context > 0 ? qsTr("reads %1 tokens").arg(Format.count(context)) : ""
    ].filter((word) => word !== "").join("  ·  ")

    signal taken()

    function take() {
        if (usable)
            taken();
    }

    implicitHeight: content.implicitHeight + 2 * Theme.small
    Accessible.role: Accessible.ListItem
    Accessible.name: chosen ? qsTr("%1, chosen").arg(called) : called
    Accessible.description: usable ? qsTr("Answers with: %1. %2").arg(modalities.map((kind) => Format.kind(kind)).join(", ")).arg(needs)
                                   : qsTr("Cannot be used. %1").arg(Format.sentence(problem))
    Accessible.onPressAction: line.take()
    Component.onCompleted: medley.picker.weigh(name)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: line.pointed || hover.hovered ? Theme.colour.hover : line.chosen ? Theme.colour.soft : "transparent"
        border.width: line.pointed ? (Theme.highContrast ? Theme.ring : Theme.hair) : 0
        border.color: Theme.colour.focus
    }
    HoverHandler { id: hover; enabled: line.usable; cursorShape: Qt.PointingHandCursor }
    TapHandler { onTapped: line.take() }

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.small; rightMargin: Theme.small }
        spacing: Theme.small

        Glyph {
            glyph: line.usable ? "check" : "warning"
            opacity: line.chosen || !line.usable ? 1 : 0
            color: line.usable ? Theme.colour.softInk : Theme.colour.danger
            Layout.alignment: Qt.AlignTop
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            RowLayout {
                spacing: Theme.tiny
                Words {
                    text: line.called
                    strong: line.chosen
                    color: line.usable ? Theme.colour.text : Theme.colour.muted
                    elide: Text.ElideMiddle
                    wrapMode: Text.NoWrap
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
                Repeater {
                    model: line.modalities
                    delegate: Glyph {
                        required property string modelData
                        glyph: Theme.drawing(modelData)
                        size: Theme.px(15)
                        color: Theme.hue(modelData)
                    }
                }
            }
            Words {
                visible: text !== ""
                text: line.usable ? line.needs : Format.sentence(line.problem)
                color: line.usable ? Theme.colour.muted : Theme.colour.danger
                size: Theme.fontSmall
                elide: Text.ElideRight
                maximumLineCount: line.usable ? 1 : 3
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
    }
}
