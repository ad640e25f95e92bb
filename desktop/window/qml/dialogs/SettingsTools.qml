// Whether models may ask for tools, and the way to everything about tools and memory.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    signal toolsAsked(page: string)

    spacing: Theme.wide

    component Way: SheetRow {
        id: way

        required property string page
        required property string glyph
        property string words: qsTr("Show …")

        signal taken(page: string)

        ActionButton {
            objectName: "tools/" + way.page
            text: way.words
            glyph: way.glyph
            Accessible.name: way.title
            onClicked: way.taken(way.page)
        }
    }

    SheetRow {
        title: qsTr("Tools in new conversations")
        explanation: qsTr("A model may then ask for tools. You are asked before one touches anything of yours.")
        Toggle {
            label: qsTr("Tools in new conversations")
            checked: medley.settings.tools
            onToggled: medley.settings.tools = checked
        }
    }
    Way {
        page: "tools"
        glyph: "tool"
        title: qsTr("Tools")
        explanation: qsTr("What there is, and what each may touch.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
    Way {
        page: "servers"
        glyph: "server"
        title: qsTr("MCP servers")
        explanation: qsTr("Programs of other people that bring tools.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
    Way {
        page: "folders"
        glyph: "folder"
        title: qsTr("Folders")
        explanation: qsTr("Where tools may read or write files.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
    Way {
        page: "permissions"
        glyph: "shield"
        title: qsTr("Decisions")
        explanation: qsTr("What you allowed or forbade for good.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
    Way {
        page: "history"
        glyph: "history"
        title: qsTr("What was done")
        explanation: qsTr("Every call: when, with what, and by whose leave.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
    Way {
        page: "memory"
        glyph: "memory"
        title: qsTr("Memory")
        explanation: qsTr("What Medley remembers of you.")
        onTaken: (wanted) => page.toolsAsked(wanted)
    }
}
