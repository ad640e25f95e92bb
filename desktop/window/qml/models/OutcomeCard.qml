// A model was added, or a bundle composed: use it, and see how its test goes.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: card

    required property var outcome

    signal done()
    signal again()

    objectName: "outcomeCard"
    spacing: Theme.medium

    RowLayout {
        spacing: Theme.small
        Glyph {
            glyph: "check"
            color: Theme.colour.good
        }
        Words {
            objectName: "outcomeTitle"
            text: card.outcome.bundle ? qsTr("%1 is ready: choose it in any conversation.").arg(card.outcome.name ?? "")
                : qsTr("%1 is added. Use it under “Put together”.").arg(card.outcome.name ?? "")
            strong: true
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
    }
    Repeater {
        model: card.outcome.warnings ?? []
        delegate: WarningLine {
            required property string modelData
            text: Format.sentence(modelData)
            Layout.fillWidth: true
        }
    }
    Flow {
        spacing: Theme.small
        Layout.fillWidth: true
        ActionButton {
            objectName: "useHere"
            visible: !!card.outcome.bundle
            text: qsTr("Use it here")
            primary: true
            onClicked: {
                medley.picker.choose(card.outcome.name);
                card.done();
            }
        }
        ActionButton {
            objectName: "addAnother"
            text: qsTr("Another one")
            onClicked: card.again()
        }
    }
    TestCard {
        visible: !!card.outcome.bundle && medley.ownModels.testing.name === card.outcome.name && medley.ownModels.testing.state !== "rest"
        Layout.fillWidth: true
    }
}
