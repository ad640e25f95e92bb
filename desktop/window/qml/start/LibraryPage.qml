// While the library opens, and when it cannot be opened.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: page

    readonly property bool broken: medley.libraryState === "broken"

    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(page.width - 2 * Theme.wide, Theme.px(520))
        spacing: Theme.large

        Glyph {
            glyph: page.broken ? "warning" : "folder"
            size: Theme.px(36)
            color: page.broken ? Theme.colour.danger : Theme.colour.muted
            Layout.alignment: Qt.AlignHCenter
        }
        Words {
            text: page.broken ? qsTr("The library could not be opened") : qsTr("Opening the library …")
            strong: true
            size: Theme.fontTitle
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
            Accessible.role: page.broken ? Accessible.AlertMessage : Accessible.StaticText
        }
        Words {
            visible: page.broken
            text: Format.sentence(medley.libraryProblem)
            lineHeight: 1.35
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
        }
        Words {
            visible: page.broken
            text: qsTr("The file was left as it is. Nothing is written until it opens.")
            faint: true
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
        }
        ActionButton {
            visible: page.broken
            text: qsTr("Try again")
            glyph: "regenerate"
            primary: true
            Layout.alignment: Qt.AlignHCenter
            onClicked: medley.retryLibrary()
        }
    }
}
