// Asks before a link leaves the window.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    property string url: ""
    property bool refused: false

    title: refused ? qsTr("This link is not opened") : qsTr("Open this link in your browser?")
    wish: Theme.px(460)
    footed: true
    onClosed: refused = false

    contentItem: ColumnLayout {
        spacing: Theme.medium
        Words {
            text: sheet.refused ? qsTr("Only web addresses and mail addresses are opened.")
                : qsTr("Medley itself never connects to anything. Your browser will.")
            faint: true
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Words {
            text: sheet.url
            wrapMode: Text.WrapAnywhere
            font.family: Theme.mono
            size: Theme.px(13)
            maximumLineCount: 6
            elide: Text.ElideRight
            Layout.fillWidth: true
        }
    }
    foot: [
        ActionButton {
            visible: !sheet.refused
            text: qsTr("Open")
            primary: true
            onClicked: {
                medley.openLink(sheet.url);
                sheet.close();
            }
        },
        ActionButton {
            text: qsTr("Copy the address")
            onClicked: {
                medley.copyText(sheet.url);
                sheet.close();
            }
        }
    ]
}
