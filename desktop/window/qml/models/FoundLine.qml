// One model of another program, or why one of its files cannot be used.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: line

    required property string title
    required property string path
    required property string purpose
    required property real bytes
    required property string size
    required property string licence
    required property string known
    required property string problem
    property bool pointed: false
    readonly property bool usable: problem === ""
    readonly property string facts: !usable ? Format.sentence(problem)
        : [Format.use(purpose), size, Format.disk(bytes), licence, known === "" ? "" : qsTr("added as %1").arg(known)]
            .filter((word) => word !== "").join("  ·  ")

    signal taken()

    function take() {
        if (usable)
            taken();
    }

    objectName: "foundLine"
    implicitHeight: content.implicitHeight + 2 * Theme.small
    Accessible.role: Accessible.ListItem
    Accessible.name: usable ? title : facts
    Accessible.description: usable ? facts : ""
    Accessible.onPressAction: line.take()

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: line.usable && (line.pointed || hover.hovered) ? Theme.colour.hover : "transparent"
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
            glyph: !line.usable ? "warning" : line.known !== "" ? "check" : "new"
            color: !line.usable ? Theme.colour.danger : line.known !== "" ? Theme.colour.good : Theme.colour.muted
            Layout.alignment: Qt.AlignTop
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            Words {
                visible: text !== ""
                text: line.title
                elide: Text.ElideMiddle
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                text: line.facts
                faint: line.usable
                color: line.usable ? Theme.colour.muted : Theme.colour.danger
                size: Theme.fontSmall
                maximumLineCount: line.usable ? 1 : 4
                elide: Text.ElideRight
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
    }
}
