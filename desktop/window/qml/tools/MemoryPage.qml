// What Medley remembers: to be read, put into other words, forgotten and exported.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    signal messageAsked(conversationId: string, messageId: string)
    signal exportAsked()

    function add() {
        medley.tools.memories.add(fresh.text);
        fresh.clear();
    }

    objectName: "memoryPage"
    spacing: Theme.medium

    Words {
        text: qsTr("Models are told this in every conversation in which tools are on. Nothing is added without you: you write it here, or agree when a model asks.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    RowLayout {
        spacing: Theme.small
        Field {
            id: fresh
            objectName: "newMemory"
            label: qsTr("Something to remember")
            placeholderText: qsTr("Something to remember, such as “I am a vegetarian”")
            Layout.fillWidth: true
            Keys.onReturnPressed: page.add()
            Keys.onEnterPressed: page.add()
        }
        ActionButton {
            objectName: "addMemory"
            text: qsTr("Remember")
            enabled: fresh.text.trim() !== ""
            onClicked: page.add()
        }
    }
    RowLayout {
        visible: medley.tools.memories.forgotten !== ""
        spacing: Theme.small
        Layout.fillWidth: true
        Words {
            text: qsTr("Forgotten: %1").arg(medley.tools.memories.forgotten)
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        ActionButton {
            objectName: "bringBack"
            text: qsTr("Undo")
            glyph: "undo"
            quiet: true
            onClicked: medley.tools.memories.bringBack()
        }
    }
    CardList {
        id: list
        objectName: "memoryList"
        label: qsTr("Memory")
        model: medley.tools.memories
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: LineCard {
            id: line

            required property int memoryId
            required property string text
            required property bool own
            required property real time
            required property string conversationId
            required property string messageId
            required property var model
            property bool editing: false

            function keep() {
                if (field.inputMethodComposing)
                    return;
                editing = false;
                medley.tools.memories.edit(memoryId, field.text);
                list.forceActiveFocus();
            }

            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            title: text
            told: [own ? qsTr("in your words") : qsTr("in the words of a model, and you agreed"), Format.date(time), model.title].filter((word) => word !== "").join("  ·  ")
            glyph: "memory"
            more: [
                Field {
                    id: field
                    objectName: "memoryField"
                    visible: line.editing
                    label: qsTr("In other words")
                    Layout.fillWidth: true
                    Keys.onReturnPressed: line.keep()
                    Keys.onEnterPressed: line.keep()
                    Keys.onShortcutOverride: (event) => event.accepted = event.key === Qt.Key_Escape
                    Keys.onEscapePressed: {
                        line.editing = false;
                        list.forceActiveFocus();
                    }
                }
            ]
            IconButton {
                objectName: "memorySource"
                visible: line.messageId !== ""
                glyph: "right"
                label: qsTr("Show where it came from")
                onClicked: page.messageAsked(line.conversationId, line.messageId)
            }
            IconButton {
                objectName: "editMemory"
                glyph: line.editing ? "check" : "edit"
                label: line.editing ? qsTr("Keep it") : qsTr("Put it into other words")
                onClicked: {
                    if (line.editing)
                        return line.keep();
                    field.text = line.text;
                    line.editing = true;
                    field.forceActiveFocus();
                }
            }
            IconButton {
                objectName: "forgetMemory"
                glyph: "trash"
                label: qsTr("Forget it")
                onClicked: {
                    list.forceActiveFocus();
                    medley.tools.memories.forget(line.memoryId);
                }
            }
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: qsTr("Nothing is remembered.")
        }
    }
    ActionButton {
        objectName: "exportMemory"
        visible: list.count > 0
        text: qsTr("Export …")
        glyph: "export"
        quiet: true
        onClicked: page.exportAsked()
    }
}
