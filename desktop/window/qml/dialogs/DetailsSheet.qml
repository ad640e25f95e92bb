// How an artifact was made: all that its recipe says.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    property var facts: ({})
    readonly property var lines: [
        [qsTr("Bundle"), facts.bundle],
        [qsTr("Renderer"), facts.rendererVersion ? qsTr("%1, version %2").arg(facts.renderer).arg(facts.rendererVersion) : facts.renderer],
        [qsTr("Seed"), facts.seed],
        [qsTr("Steps"), facts.steps],
        [qsTr("Guidance"), facts.guidance],
        [qsTr("Time to render"), facts.renderSeconds === undefined ? undefined : Format.seconds(facts.renderSeconds)],
        [qsTr("Size"), facts.width ? qsTr("%1 × %2 pixels").arg(facts.width).arg(facts.height) : undefined],
        [qsTr("Length"), facts.duration ? Format.seconds(facts.duration) : undefined],
        [qsTr("File"), [facts.mime, Format.bytes(facts.bytes ?? 0)].filter((word) => word).join(", ")],
        [qsTr("Licence"), facts.licence],
        [qsTr("Made"), facts.made ? Format.date(facts.made) : undefined]
    ].filter((line) => line[1] !== undefined && line[1] !== null && line[1] !== "")

    title: qsTr("Details")
    wish: Theme.px(440)
    footed: true

    contentItem: ScrollView {
        id: scroller
        implicitHeight: grid.implicitHeight
        contentWidth: availableWidth
        clip: true
        ColumnLayout {
            id: grid
            width: scroller.availableWidth
            spacing: Theme.small
            Repeater {
                model: sheet.lines
                delegate: RowLayout {
                    id: line
                    required property var modelData
                    spacing: Theme.medium
                    Layout.fillWidth: true
                    Words {
                        text: line.modelData[0]
                        faint: true
                        Layout.preferredWidth: Theme.px(120)
                        Layout.alignment: Qt.AlignTop
                    }
                    Words {
                        text: String(line.modelData[1])
                        Layout.fillWidth: true
                    }
                }
            }
        }
    }
    foot: ActionButton {
        text: qsTr("Copy")
        glyph: "copy"
        onClicked: medley.copyText(sheet.lines.map((line) => line[0] + ": " + line[1]).join("\n"))
    }
}
