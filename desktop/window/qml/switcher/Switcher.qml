// One field over conversations, commands, presets and models: a few letters and Enter.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Popup {
    id: popup

    property Commands commands
    // Whether another row than the first was gone to.
    property bool moved: false
    readonly property string query: medley.switcher.query

    signal went()

    function begin() {
        medley.switcher.open(commands.named());
        field.text = "";
        moved = false;
        list.currentIndex = 0;
        open();
    }
    function take(second: bool) {
        // Enter ends the word of an input method first.
        if (list.currentItem && !field.inputMethodComposing)
            choose(list.currentIndex, second);
    }
    function choose(row: int, second: bool) {
        close();
        medley.switcher.take(row, second);
    }
    function step(by: int) {
        moved = true;
        list.currentIndex = (list.currentIndex + by + list.count) % Math.max(1, list.count);
    }
    function page(by: int) {
        moved = true;
        list.currentIndex = Math.max(0, Math.min(list.count - 1, list.currentIndex + by * 8));
    }

    objectName: "switcher"
    parent: Overlay.overlay
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.round(Math.max(Theme.large, Math.min(parent.height * 0.12, parent.height - height - Theme.large))) : 0
    width: parent ? Math.min(Theme.px(640), parent.width - 2 * Theme.large) : 0
    height: parent ? Math.min(implicitHeight, parent.height - 2 * Theme.large) : implicitHeight
    modal: true
    focus: true
    padding: Theme.small
    closePolicy: Popup.CloseOnEscape | Popup.CloseOnPressOutside

    onAboutToShow: field.forceActiveFocus(Qt.PopupFocusReason)
    onClosed: medley.switcher.close()

    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    Overlay.modal: Rectangle { color: Theme.colour.scrim }
    background: Rectangle {
        color: Theme.colour.raised
        radius: Theme.radiusLarge
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    }

    Connections {
        target: medley.switcher
        // The best is the first until somebody goes to another one.
        function onListed() {
            if (!popup.moved)
                list.currentIndex = 0;
        }
        function onCommanded(key: string) { popup.commands.run(key); }
        function onWent() { popup.went(); }
    }

    contentItem: ColumnLayout {
        spacing: Theme.small

        Field {
            id: field
            objectName: "switcherField"
            label: qsTr("Go to a conversation, a command, a preset or a model")
            placeholderText: qsTr("Go to …")
            glyph: "search"
            implicitHeight: Theme.px(44)
            font.pixelSize: Theme.fontBody
            maximumLength: 200
            Accessible.description: qsTr("The arrow keys choose, Enter opens")
            Layout.fillWidth: true
            onTextEdited: {
                popup.moved = false;
                medley.switcher.query = text;
            }
            Keys.onDownPressed: popup.step(1)
            Keys.onUpPressed: popup.step(-1)
            Keys.onPressed: (event) => {
                if (event.key === Qt.Key_PageDown)
                    popup.page(1);
                else if (event.key === Qt.Key_PageUp)
                    popup.page(-1);
                else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
                    popup.take((event.modifiers & Qt.ControlModifier) !== 0);
                else
                    return;
                event.accepted = true;
            }
        }
        ListView {
            id: list

            objectName: "switcherList"
            model: medley.switcher
            implicitHeight: Math.min(contentHeight, Theme.px(460))
            clip: true
            spacing: Theme.px(1)
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 0
            cacheBuffer: 0
            section.property: "section"
            section.delegate: SwitcherHeading {}
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("What was found")
            ScrollBar.vertical: ThinScrollBar {}
            delegate: SwitcherLine {
                width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
                pointed: ListView.isCurrentItem
                onTaken: (second) => popup.choose(index, second)
            }
            // The keyboard stays in the field: what it chooses is said.
            onCurrentItemChanged: if (popup.visible && currentItem) field.Accessible.announce(currentItem.Accessible.name, Accessible.Polite)
        }
        Words {
            visible: list.count === 0
            text: qsTr("Nothing is called so.")
            faint: true
            leftPadding: Theme.small
            Layout.fillWidth: true
        }
        Words {
            text: [list.currentItem?.other ?? "", qsTr("> commands   @ models   / presets")].filter((word) => word !== "").join("   ·   ")
            faint: true
            size: Theme.fontSmall
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            leftPadding: Theme.small
            Layout.fillWidth: true
        }
    }
}
