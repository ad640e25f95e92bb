// What readers found in a medium, a few lines of it, and how far they are while they read.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Column {
    id: found

    required property Item block
    property var lines: []
    property string reader: ""
    property int step: 0
    property int of: 0
    property bool open: false

    readonly property string working: reader === "" || (of > 0 && step >= of) ? ""
        : qsTr("%1 %2 …").arg(reader === "medley.speech" ? qsTr("Listening to")
                            : reader === "medley.labels" ? qsTr("Looking at") : qsTr("Reading")).arg(block.title)
          + (of > 0 ? " " + qsTr("%1 %").arg(Math.floor(100 * step / of)) : "")
    readonly property bool shown: working !== "" || lines.length > 0
    readonly property bool cut: open || pieces.cut > 0

    function lead(kind: string): string {
        return kind === "speech" ? qsTr("Heard") : kind === "label" ? qsTr("Looks like")
             : kind === "document" ? qsTr("Read") : qsTr("Read in it");
    }

    function words(line: var): string {
        const placed = /^(page|line|row)/.test(line.first) && line.first !== line.last;
        const many = line.kind !== "document" ? "" : placed
            ? qsTr("%1 to %2, %3 characters – ").arg(Format.where(line.first)).arg(Format.where(line.last)).arg(Format.count(line.characters))
            : qsTr("%1 characters – ").arg(Format.count(line.characters));
        return open ? (line.kind === "label" ? "" : many) + "\n" + line.text : many + line.brief;
    }

    objectName: "foundLines"
    visible: shown
    spacing: Theme.tiny
    Component.onCompleted: lines = medley.findings.of(block.mediaId)

    Connections {
        target: medley.findings
        function onTold(mediaId: string, lines: var) {
            if (mediaId === found.block.mediaId)
                found.lines = lines;
        }
        function onReading(mediaId: string, reader: string, step: int, of: int) {
            if (mediaId !== found.block.mediaId)
                return;
            found.reader = reader;
            found.step = step;
            found.of = of;
        }
    }

    Words {
        objectName: "readingLine"
        visible: text !== ""
        text: found.working
        faint: true
        size: Theme.fontSmall
        width: found.width
        horizontalAlignment: found.block.row.mine ? Text.AlignRight : Text.AlignLeft
    }
    Column {
        id: pieces

        property int cut: 0

        function count() {
            let some = 0;
            for (let at = 0; at < repeater.count; ++at)
                some += repeater.itemAt(at)?.truncated ? 1 : 0;
            cut = some;
        }

        width: found.width
        spacing: Theme.px(2)
        Repeater {
            id: repeater
            model: found.lines
            delegate: Words {
                id: piece
                required property var modelData
                objectName: "foundLine"
                width: pieces.width
                text: qsTr("%1: %2").arg(found.lead(modelData.kind)).arg(found.words(modelData).trim())
                faint: true
                size: Theme.fontSmall
                lineHeight: 1.25
                maximumLineCount: found.open ? 1000000 : 3
                elide: Text.ElideRight
                horizontalAlignment: found.block.row.mine && lineCount < 2 ? Text.AlignRight : Text.AlignLeft
                onTruncatedChanged: Qt.callLater(pieces.count)
                Component.onCompleted: Qt.callLater(pieces.count)
            }
        }
    }
    ActionButton {
        objectName: "showFound"
        visible: found.cut
        text: found.open ? qsTr("Show less") : qsTr("Show all")
        quiet: true
        implicitHeight: Theme.px(26)
        leftPadding: Theme.small
        rightPadding: Theme.small
        font.pixelSize: Theme.fontSmall
        ink: Theme.colour.muted
        reachable: found.block.reachable
        x: found.block.row.mine ? found.width - width : 0
        onClicked: found.open = !found.open
    }
}
