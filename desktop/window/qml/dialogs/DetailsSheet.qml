// How an artifact was made, as its recipe says, or how an answer came about.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    property var facts: ({})
    readonly property var answered: [
        [qsTr("Model"), Format.bundle(facts.model ?? "")],
        [qsTr("Made on"), facts.place || qsTr("this computer")],
        [qsTr("Read"), facts.promptTokens === undefined ? undefined : qsTr("%1 tokens").arg(Format.count(facts.promptTokens))],
        [qsTr("Written"), facts.newTokens === undefined ? undefined : qsTr("%1 tokens").arg(Format.count(facts.newTokens))],
        [qsTr("Speed"), facts.tokensPerSecond === undefined ? undefined : qsTr("%1 tokens per second").arg(Format.decimal(facts.tokensPerSecond, 1))],
        [qsTr("First word after"), facts.firstToken === undefined ? undefined : facts.firstToken < 0.1 ? qsTr("%1 ms").arg(Math.round(1000 * facts.firstToken)) : Format.seconds(facts.firstToken)],
        [qsTr("Loading"), facts.loading === undefined ? undefined : Format.seconds(facts.loading)],
        [qsTr("Reading files"), facts.encoding === undefined ? undefined : Format.seconds(facts.encoding)],
        [qsTr("Context"), facts.contextSize === undefined ? undefined
            : qsTr("%1 of %2 tokens are full (%3 %)").arg(Format.count(facts.contextUsed)).arg(Format.count(facts.contextSize)).arg(Math.round(100 * facts.contextUsed / facts.contextSize))],
        [qsTr("Left out"), facts.dropped === undefined ? undefined : qsTr("the oldest messages (%1)").arg(facts.dropped)],
        [qsTr("Seed"), facts.seed],
        [qsTr("Bundle"), facts.bundle],
        [qsTr("Made"), facts.made ? Format.date(facts.made) : undefined]
    ]
    readonly property var lines: (facts.answer ? answered : made).filter((line) => line[1] !== undefined && line[1] !== null && line[1] !== "")
    readonly property var made: [
        [qsTr("Bundle"), facts.bundle],
        [qsTr("Made on"), facts.place],
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
    ]

    objectName: "detailsSheet"
    title: facts.answer ? qsTr("How this answer came about") : qsTr("Details")
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
