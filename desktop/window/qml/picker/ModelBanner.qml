// Over the composer while the conversation's model cannot answer: why, and the way back.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: banner

    readonly property bool missing: medley.picker.missing
    readonly property string title: Format.bundle(medley.picker.title)
    readonly property string former: Format.bundle(medley.picker.former)

    signal modelsAsked(anchor: Item)

    objectName: "modelBanner"
    // In a conversation the answer that failed says it already, with the way back.
    visible: (missing || medley.picker.problem !== "") && !medley.transcript.failed
    implicitHeight: visible ? content.implicitHeight + 2 * Theme.medium : 0
    radius: Theme.radiusMedium
    color: Theme.colour.surface
    border.width: Theme.highContrast ? Theme.ring : Theme.hair
    border.color: Theme.colour.danger
    Accessible.role: Accessible.AlertMessage
    Accessible.name: headline.text + " " + reason.text

    GridLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.medium }
        columns: width < Theme.px(560) ? 1 : 2
        columnSpacing: Theme.medium
        rowSpacing: Theme.small

        RowLayout {
            spacing: Theme.medium
            Layout.fillWidth: true
            Glyph {
                glyph: "warning"
                color: Theme.colour.danger
                size: Theme.px(20)
                Layout.alignment: Qt.AlignTop
            }
            ColumnLayout {
                spacing: Theme.px(2)
                Layout.fillWidth: true
                Words {
                    id: headline
                    text: banner.missing && medley.engine.remote !== "" ? qsTr("%2 does not have the model of this conversation, %1.").arg(banner.title).arg(medley.engine.remote)
                        : banner.missing ? qsTr("The model of this conversation, %1, is not on this computer any more.").arg(banner.title)
                                         : qsTr("%1 cannot be used.").arg(banner.title)
                    strong: true
                    Layout.fillWidth: true
                }
                Words {
                    id: reason
                    visible: text !== ""
                    text: banner.missing ? "" : Format.sentence(medley.picker.problem)
                    maximumLineCount: 6
                    elide: Text.ElideRight
                    Layout.fillWidth: true
                }
            }
        }
        Flow {
            spacing: Theme.small
            layoutDirection: content.columns === 1 ? Qt.LeftToRight : Qt.RightToLeft
            Layout.fillWidth: content.columns === 1
            Layout.preferredWidth: content.columns === 1 ? -1 : back.implicitWidth + others.implicitWidth + Theme.small
            Layout.alignment: Qt.AlignRight
            ActionButton {
                id: back
                objectName: "modelBack"
                visible: banner.former !== ""
                text: qsTr("Use %1").arg(banner.former)
                onClicked: medley.picker.goBack()
            }
            ActionButton {
                id: others
                text: qsTr("Other models …")
                quiet: true
                onClicked: banner.modelsAsked(others)
            }
        }
    }
}
