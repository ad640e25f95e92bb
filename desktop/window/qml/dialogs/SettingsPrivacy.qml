// What is kept, and where nothing goes.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    spacing: Theme.wide

    RowLayout {
        spacing: Theme.medium
        Layout.fillWidth: true
        Glyph {
            glyph: medley.engine.remote === "" ? "offline" : "server"
            size: Theme.px(24)
            color: Theme.colour.good
            Layout.alignment: Qt.AlignTop
        }
        Words {
            text: medley.engine.remote !== ""
                ? qsTr("What you ask is sent to %1, as you chose under Engine, and to nobody else. There are no accounts, no counting of use, and no checks for updates. What you write, show and get is kept in one file on this computer.").arg(medley.engine.remote)
                : qsTr("Medley makes no connection to any network. There are no accounts, no counting of use, and no checks for updates. What you write, show and get lies in one file on this computer.")
            lineHeight: 1.35
            Layout.fillWidth: true
        }
    }
    SheetRow {
        title: qsTr("Search by meaning")
        explanation: qsTr("Pictures, sounds and clips are also found by what they show or sound like. For this a fingerprint of each is kept in the library.")
        Toggle {
            label: qsTr("Search by meaning")
            checked: medley.settings.meaningSearch
            onToggled: medley.settings.meaningSearch = checked
        }
    }
    SheetRow {
        title: qsTr("Keep drafts")
        explanation: qsTr("What you have written but not sent is there again the next time.")
        Toggle {
            label: qsTr("Keep drafts")
            checked: medley.settings.keepDrafts
            onToggled: medley.settings.keepDrafts = checked
        }
    }
    LocalApiRows {}
}
