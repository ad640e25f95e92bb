// The line over the transcript: which conversation this is, and how the engine is.
import QtQuick
import QtQuick.Layouts
import "controls"
import "engine"
import "theme"

Item {
    id: header

    property bool sidebarShown: true

    signal sidebarAsked()
    signal bundlesAsked()
    signal mannerAsked()

    implicitHeight: Theme.px(56)

    RowLayout {
        anchors { fill: parent; leftMargin: Theme.large; rightMargin: Theme.large }
        spacing: Theme.small

        IconButton {
            visible: !header.sidebarShown
            glyph: "sidebar"
            label: qsTr("Show the conversations")
            hint: "Ctrl+B"
            onClicked: header.sidebarAsked()
        }
        Words {
            text: medley.conversations.currentTitle !== "" ? medley.conversations.currentTitle
                : medley.conversations.current === "" ? "" : qsTr("New conversation")
            strong: true
            size: Theme.px(15)
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        IconButton {
            objectName: "mannerButton"
            visible: medley.libraryState === "ready"
            glyph: "manner"
            label: medley.manner.custom ? qsTr("This conversation is answered in a manner of its own")
                                        : qsTr("How this conversation is answered")
            checked: medley.manner.custom
            onClicked: header.mannerAsked()
        }
        EngineChip {
            narrow: header.width < Theme.px(340)
            onBundlesAsked: header.bundlesAsked()
        }
    }
}
