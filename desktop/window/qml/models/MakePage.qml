// Composes a bundle: who talks, what makes pictures, sounds and clips, what sees, hears and speaks.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Scroller {
    id: page

    readonly property QtObject making: medley.ownModels.making
    readonly property bool busy: making.state === "making"

    signal fileAsked(done: var)
    signal folderAsked(done: var)
    signal done()

    objectName: "makePage"

    ColumnLayout {
        width: page.availableWidth - Theme.medium
        spacing: Theme.large

        Words {
            visible: page.making.state !== "made"
            text: qsTr("A bundle of parts that you have. Nothing is copied: it is made of links.")
            faint: true
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Repeater {
            model: page.making.state === "made" ? [] : [
                { part: "talk", title: qsTr("Talks"), folder: false, usual: "" },
                { part: "see", title: qsTr("Takes in pictures or sounds"), folder: false, usual: qsTr("the file beside it that fits") },
                { part: "image", title: qsTr("Makes pictures"), folder: true, usual: qsTr("Pocket and clip art") },
                { part: "audio", title: qsTr("Makes sounds"), folder: true, usual: qsTr("Pocket's own") },
                { part: "video", title: qsTr("Makes clips"), folder: true, usual: qsTr("Pocket's own") },
                { part: "hear", title: qsTr("Hears you"), folder: true, usual: qsTr("as in the settings") },
                { part: "speak", title: qsTr("Speaks"), folder: true, usual: qsTr("as in the settings") }
            ]
            delegate: PartChoice {
                required property var modelData
                part: modelData.part
                title: modelData.title
                usual: modelData.usual
                enabled: !page.busy
                Layout.fillWidth: true
                onOtherAsked: {
                    const take = (url) => page.making.chooseFile(modelData.part, url);
                    if (modelData.folder)
                        page.folderAsked(take);
                    else
                        page.fileAsked(take);
                }
            }
        }
        SheetRow {
            visible: page.making.state !== "made"
            title: qsTr("The bundle's name")
            Field {
                objectName: "bundleName"
                label: qsTr("The bundle's name")
                enabled: !page.busy
                text: page.making.name
                implicitWidth: Theme.px(260)
                Layout.fillWidth: true
                onTextEdited: page.making.name = text
                Keys.onReturnPressed: makeButton.click()
                Keys.onEnterPressed: makeButton.click()
            }
        }
        Words {
            visible: text !== "" && page.making.state !== "made"
            text: Format.sentence(page.making.nameProblem)
            color: Theme.colour.danger
            Layout.fillWidth: true
        }
        Words {
            objectName: "makeProblem"
            visible: page.making.state === "failed"
            text: Format.sentence(page.making.problem)
            color: Theme.colour.danger
            lineHeight: 1.3
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        WaitingCard {
            visible: page.busy
            label: qsTr("Putting it together:")
            detail: page.making.file
            share: page.making.share
            Layout.fillWidth: true
            onCancelled: page.making.cancel()
        }
        ActionButton {
            id: makeButton
            objectName: "makeBundle"
            visible: !page.busy && page.making.state !== "made"
            text: qsTr("Put together")
            primary: true
            enabled: page.making.chosen.talk !== "" && page.making.name !== "" && page.making.nameProblem === ""
            onClicked: page.making.make()
        }
        OutcomeCard {
            visible: page.making.state === "made"
            outcome: page.making.outcome
            Layout.fillWidth: true
            onDone: page.done()
            onAgain: page.making.again()
        }
    }
}
