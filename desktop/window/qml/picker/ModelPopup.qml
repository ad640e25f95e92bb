// All models on this machine, to choose one: for the conversation, or to answer a question again.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Popup {
    id: popup

    // The answer that is to be made again; empty while the conversation's model is chosen.
    property string messageId: ""

    signal addAsked()

    function openAt(anchor: Item, again: string) {
        messageId = again;
        parent = anchor;
        medley.picker.query = "";
        medley.picker.refresh();
        open();
    }

    function take() {
        list.currentItem?.take();
    }

    function choose(name: string) {
        popup.close();
        if (popup.messageId === "")
            medley.picker.choose(name);
        else
            medley.transcript.regenerateWith(popup.messageId, name);
    }

    objectName: "modelPopup"
    width: Math.min(Theme.px(420), (parent?.Window.width ?? 0) - 2 * Theme.large)
    // Above the composer, below a message; where there is no room Qt finds some.
    y: parent && messageId === "" ? -height - Theme.tiny : parent ? parent.height + Theme.tiny : 0
    height: Math.min(implicitHeight, (parent?.Window.height ?? 0) - 2 * Theme.large)
    margins: Theme.small
    padding: Theme.small
    focus: true
    modal: true
    dim: false
    closePolicy: Popup.CloseOnEscape | Popup.CloseOnPressOutside

    onOpened: {
        search.forceActiveFocus();
        list.showChosen();
    }

    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    background: Rectangle {
        color: Theme.colour.raised
        radius: Theme.radiusLarge
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    }

    contentItem: ColumnLayout {
        spacing: Theme.small

        Words {
            text: popup.messageId === "" ? qsTr("The model that answers from the next question on") : qsTr("Answer again with")
            faint: true
            size: Theme.fontSmall
            leftPadding: Theme.small
            topPadding: Theme.tiny
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        Field {
            id: search
            objectName: "modelSearch"
            label: qsTr("Search in the models")
            placeholderText: qsTr("Search")
            glyph: "search"
            text: medley.picker.query
            focus: true
            Layout.fillWidth: true
            onTextEdited: {
                medley.picker.query = text;
                list.currentIndex = 0;
            }
            Keys.onDownPressed: list.incrementCurrentIndex()
            Keys.onUpPressed: list.decrementCurrentIndex()
            Keys.onReturnPressed: popup.take()
            Keys.onEnterPressed: popup.take()
        }
        ListView {
            id: list

            function showChosen() {
                currentIndex = medley.picker.chosenRow;
                positionViewAtIndex(Math.max(0, currentIndex), ListView.Contain);
            }

            objectName: "modelList"
            model: medley.picker
            implicitHeight: Math.min(contentHeight, Theme.px(340))
            clip: true
            spacing: Theme.px(2)
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Models")
            ScrollBar.vertical: ThinScrollBar {}
            Keys.onReturnPressed: popup.take()
            Keys.onEnterPressed: popup.take()
            Keys.onSpacePressed: popup.take()
            delegate: ModelLine {
                width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
                pointed: ListView.isCurrentItem && (list.activeFocus || search.activeFocus)
                onTaken: popup.choose(name)
            }
        }
        Words {
            visible: list.count === 0 && medley.picker.query !== ""
            text: qsTr("No model is called so.")
            faint: true
            leftPadding: Theme.small
            Layout.fillWidth: true
        }
        ActionButton {
            text: qsTr("Add a model …")
            glyph: "new"
            quiet: true
            Layout.fillWidth: true
            onClicked: {
                popup.close();
                popup.addAsked();
            }
        }
    }
}
