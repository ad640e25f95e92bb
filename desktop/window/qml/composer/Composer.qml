// Where a person writes, attaches, and says what may answer.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../speech"
import "../recording"
import "../theme"
import "../tools"

Rectangle {
    id: composer

    // What the tour speaks of.
    readonly property Item inputPart: scroller
    readonly property Item attachPart: attach
    readonly property Item talkPart: talk

    signal attachAsked()
    signal undoAsked()
    signal toolsAsked(anchor: Item)

    function openTools() {
        composer.toolsAsked(toolsButton);
    }

    function focusInput() {
        input.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function submit() {
        if (medley.composer.canSend)
            medley.composer.send();
    }

    implicitHeight: content.implicitHeight + 2 * Theme.small
    radius: Theme.radiusLarge
    color: Theme.colour.surface
    border.width: Theme.highContrast && input.activeFocus ? Theme.ring : Theme.hair
    border.color: input.activeFocus ? Theme.colour.focus : Theme.colour.outline
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Your message")

    TapHandler { onTapped: composer.focusInput() }

    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.small }
        spacing: Theme.tiny

        AttachmentStrip {
            visible: count > 0
            Layout.fillWidth: true
        }

        ScrollView {
            id: scroller
            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(input.implicitHeight, Theme.px(200))
            ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
            ScrollBar.vertical: ThinScrollBar {
                parent: scroller
                x: scroller.width - width
                height: scroller.height
            }

            TextArea {
                id: input

                objectName: "composerInput"
                placeholderText: qsTr("Ask for words, a picture, a sound or a clip")
                placeholderTextColor: Theme.colour.muted
                wrapMode: Format.unbroken(text) ? TextArea.WrapAnywhere : TextArea.Wrap
                leftPadding: Theme.small
                rightPadding: Theme.large
                topPadding: Theme.small
                bottomPadding: Theme.small
                font.pixelSize: Theme.fontBody
                color: Theme.colour.text
                selectionColor: Theme.colour.accent
                selectedTextColor: Theme.colour.accentInk
                background: null
                KeyNavigation.priority: KeyNavigation.BeforeItem
                KeyNavigation.tab: attach
                Accessible.name: qsTr("Your message")
                Accessible.description: qsTr("Enter sends, Shift+Enter begins a new line")
                Component.onCompleted: text = medley.composer.text
                onTextChanged: if (medley.composer.text !== text) medley.composer.text = text

                Keys.onPressed: (event) => {
                    const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
                    if (enter && (inputMethodComposing || !(event.modifiers & Qt.ShiftModifier))) {
                        // While an input method composes, Enter only ends its word.
                        event.accepted = true;
                        if (!inputMethodComposing)
                            composer.submit();
                    } else if (event.matches(StandardKey.Paste)) {
                        event.accepted = medley.composer.paste();
                    } else if (event.matches(StandardKey.Undo) && !canUndo) {
                        event.accepted = true;
                        composer.undoAsked();
                    }
                }

                Connections {
                    target: medley.composer
                    function onTextChanged() {
                        if (input.text !== medley.composer.text) {
                            input.text = medley.composer.text;
                            input.cursorPosition = input.length;
                        }
                    }
                }
            }
        }

        GridLayout {
            id: tools

            readonly property bool narrow: width < Theme.px(440)
            // Where not even the buttons have room beside each other.
            readonly property bool tight: width < Theme.px(280)

            columnSpacing: Theme.tiny
            rowSpacing: Theme.tiny

            Row {
                Layout.row: 1
                Layout.columnSpan: tools.tight ? 4 : 1
                IconButton {
                    id: attach
                    objectName: "attachButton"
                    glyph: "attach"
                    label: qsTr("Attach pictures, sounds, clips or documents")
                    hint: "Ctrl+O"
                    onClicked: composer.attachAsked()
                }
                RecordButtons {}
                ToolsButton {
                    id: toolsButton
                    onClicked: composer.openTools()
                }
            }
            AnswerToggles {
                Layout.row: tools.narrow ? 0 : 1
                Layout.column: tools.narrow ? 0 : 1
                Layout.columnSpan: tools.narrow ? 4 : 1
                Layout.fillWidth: true
                Layout.leftMargin: tools.narrow ? 0 : Theme.tiny
            }
            TalkButton {
                id: talk
                size: Theme.px(36)
                Layout.row: tools.tight ? 2 : 1
                Layout.column: 2
                Layout.alignment: Qt.AlignRight
            }
            Item {
                implicitWidth: Theme.px(36)
                implicitHeight: implicitWidth
                Layout.row: tools.tight ? 2 : 1
                Layout.column: 3
                Layout.alignment: Qt.AlignRight
                IconButton {
                    objectName: "stopButton"
                    visible: medley.composer.busy
                    glyph: "stop"
                    label: qsTr("Stop answering")
                    hint: "Esc"
                    filled: true
                    size: parent.width
                    onClicked: medley.composer.stop()
                }
                IconButton {
                    objectName: "sendButton"
                    visible: !medley.composer.busy
                    glyph: "send"
                    label: qsTr("Send")
                    filled: true
                    size: parent.width
                    enabled: medley.composer.canSend
                    onClicked: {
                        composer.submit();
                        composer.focusInput();
                    }
                }
            }
        }
        Words {
            visible: medley.composer.reading
            text: qsTr("Reading files …")
            faint: true
            size: Theme.fontSmall
            leftPadding: Theme.small
            Layout.fillWidth: true
        }
    }
}
