// Offers real models where there are none, shows how far fetching them is, and what came of it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: card

    // Without the frame, where it stands in another one.
    property bool plain: false

    readonly property string phase: medley.models.state
    readonly property bool fetching: phase === "fetching"
    readonly property bool unfinished: phase === "failed" || phase === "cancelled"
    readonly property string why: medley.models.reason === "offline"
            ? qsTr("MEDLEY_OFFLINE is set, which forbids every connection: unset it and start Medley anew.")
        : medley.models.reason === "network"
            ? qsTr("No place that has the models could be reached: check the connection, then try again. It goes on where it was.")
        : medley.models.reason === "disk"
            ? qsTr("There is not enough room on the disk: free some, then try again. It goes on where it was.")
        : medley.models.reason === "busy"
            ? qsTr("Another Medley is fetching it already: wait until that is done.")
        : Format.sentence(medley.models.problem)
    readonly property string figures: [
        medley.models.bytesTotal > 0 ? qsTr("%1 of %2").arg(Format.disk(medley.models.bytesDone)).arg(Format.disk(medley.models.bytesTotal)) : qsTr("Looking for it …"),
        medley.models.perSecond > 0 ? qsTr("%1 a second").arg(Format.disk(medley.models.perSecond)) : "",
        Format.left(medley.models.secondsLeft)
    ].filter((word) => word !== "").join("  ·  ")

    objectName: "starterOffer"
    visible: medley.models.offered || phase !== "rest"
    implicitHeight: content.implicitHeight + (plain ? 0 : 2 * Theme.large)
    radius: Theme.radiusMedium
    color: plain ? "transparent" : Theme.colour.surface
    border.width: plain ? 0 : unfinished || Theme.highContrast ? Theme.hair : Theme.ring
    border.color: unfinished ? Theme.colour.danger : Theme.highContrast ? Theme.colour.outline : Theme.colour.accent
    Accessible.role: Accessible.Grouping
    Accessible.name: title.text

    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: card.plain ? 0 : Theme.large }
        spacing: Theme.small

        RowLayout {
            spacing: Theme.medium
            Layout.fillWidth: true
            Glyph {
                glyph: card.unfinished ? "warning" : card.phase === "done" ? "check" : "save"
                color: card.unfinished ? Theme.colour.danger : card.phase === "done" ? Theme.colour.good : Theme.colour.accent
                size: Theme.px(22)
                Layout.alignment: Qt.AlignTop
            }
            ColumnLayout {
                spacing: Theme.px(2)
                Layout.fillWidth: true
                Words {
                    id: title
                    text: card.fetching ? qsTr("Getting the models")
                        : card.phase === "failed" ? qsTr("Not everything could be had")
                        : card.phase === "cancelled" ? qsTr("Stopped; what came is kept")
                        : card.phase === "done" ? qsTr("The models are here")
                        : qsTr("Get real answers")
                    strong: true
                    size: card.plain ? Theme.fontUi : Theme.px(16)
                    Layout.fillWidth: true
                }
                Words {
                    visible: text !== ""
                    text: card.fetching ? card.figures
                        : card.phase === "failed" ? card.why
                        : card.phase === "cancelled" ? qsTr("It goes on where it was whenever you like.")
                        : card.phase === "done" ? qsTr("You are answered with them from now on. Nothing else is ever fetched.")
                        : qsTr("The starter, %1, talks, hears speech and reads pictures and documents, in English and Chinese; it is fetched once, and nothing else ever is.").arg(Format.disk(medley.models.missingBytes))
                    lineHeight: 1.3
                    font.features: { "tnum": 1 }
                    Layout.fillWidth: true
                }
            }
        }
        ProgressLine {
            objectName: "starterProgress"
            visible: card.fetching
            label: title.text
            indeterminate: medley.models.bytesDone <= 0
            value: medley.models.bytesTotal > 0 ? medley.models.bytesDone / medley.models.bytesTotal : 0
            Layout.fillWidth: true
        }
        Words {
            visible: card.fetching && medley.models.part !== ""
            text: medley.models.proving ? qsTr("%1 – %2: unpacking and proving").arg(Format.purpose(medley.models.purpose)).arg(medley.models.part)
                : medley.models.source === "" ? qsTr("%1 – %2").arg(Format.purpose(medley.models.purpose)).arg(medley.models.part)
                : qsTr("%1 – %2, from: %3").arg(Format.purpose(medley.models.purpose)).arg(medley.models.part).arg(medley.models.source)
            faint: true
            size: Theme.fontSmall
            maximumLineCount: 2
            elide: Text.ElideRight
            Layout.fillWidth: true
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            Layout.topMargin: Theme.tiny
            ActionButton {
                objectName: "getStarter"
                visible: card.phase === "rest"
                text: qsTr("Get the starter")
                glyph: "save"
                primary: true
                onClicked: medley.models.getStarter()
            }
            ActionButton {
                objectName: "retryStarter"
                visible: card.unfinished
                text: card.phase === "failed" ? qsTr("Try again") : qsTr("Go on")
                glyph: "again"
                primary: true
                onClicked: medley.models.retry()
            }
            ActionButton {
                objectName: "cancelStarter"
                visible: card.fetching
                text: qsTr("Cancel")
                implicitHeight: Theme.px(32)
                onClicked: medley.models.cancel()
            }
            ActionButton {
                objectName: "dismissStarter"
                visible: card.phase === "done" || card.unfinished
                text: card.phase === "done" ? qsTr("Good") : qsTr("Not now")
                quiet: true
                implicitHeight: card.phase === "done" ? Theme.px(32) : Theme.control
                onClicked: medley.models.dismiss()
            }
        }
    }
}
