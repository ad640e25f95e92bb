// The models that other programs on this computer have.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    readonly property QtObject found: medley.ownModels.found

    signal taken()

    objectName: "foundPage"
    spacing: Theme.medium
    Component.onCompleted: if (found.state === "rest") found.search()

    Words {
        text: qsTr("Models of LM Studio, Ollama, Jan, llama.cpp, Hugging Face and GPT4All. They are used where they lie, and not fetched a second time.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    WaitingCard {
        visible: page.found.state === "looking"
        label: page.found.looking === "" ? qsTr("Looking for other programs …") : qsTr("Looking at the models of %1 …").arg(page.found.looking)
        Layout.fillWidth: true
        onCancelled: page.found.cancel()
    }
    Words {
        objectName: "foundNothing"
        visible: page.found.state !== "looking" && list.count === 0
        text: page.found.problem !== "" ? Format.sentence(page.found.problem) : qsTr("No other program with models was found on this computer.")
        color: page.found.problem !== "" ? Theme.colour.danger : Theme.colour.text
        Layout.fillWidth: true
    }
    ListView {
        id: list

        objectName: "foundList"
        model: page.found
        clip: true
        spacing: Theme.px(2)
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightMoveDuration: 0
        Layout.fillWidth: true
        Layout.fillHeight: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Models of other programs")
        ScrollBar.vertical: ThinScrollBar {}
        Keys.onReturnPressed: currentItem?.take()
        Keys.onEnterPressed: currentItem?.take()
        Keys.onSpacePressed: currentItem?.take()
        section.property: "program"
        section.delegate: Words {
            required property string section
            text: section
            strong: true
            topPadding: Theme.medium
            bottomPadding: Theme.tiny
            Accessible.role: Accessible.Heading
        }
        delegate: FoundLine {
            width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
            pointed: ListView.isCurrentItem && list.activeFocus
            onTaken: {
                page.found.take(path);
                page.taken();
            }
        }
    }
    ActionButton {
        visible: page.found.state !== "looking"
        text: qsTr("Look again")
        glyph: "again"
        onClicked: page.found.search()
    }
}
