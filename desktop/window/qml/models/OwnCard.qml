// One bundle or added model: what it is and takes, and what can be done with it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

FocusScope {
    id: card

    required property string name
    required property string title
    required property string path
    required property string purpose
    required property bool isBundle
    required property bool removable
    required property real bytes
    required property list<string> modalities
    required property list<string> licences
    required property string problem
    required property var test
    required property real needs
    required property real free
    required property int context
    required property string verifyState
    required property string verifyText
    required property real verifyShare
    property bool pointed: false
    property bool asking: false
    property bool followed: false
    readonly property string called: Format.bundle(title)
    readonly property QtObject testing: medley.ownModels.testing
    readonly property bool tight: isBundle && (context === 0 || needs > free) && needs > 0
    readonly property string facts: [
        name,
        isBundle ? "" : Format.use(purpose),
        Format.disk(bytes),
        needs > 0 ? qsTr("needs %1 of memory, %2 is free").arg(Format.disk(needs)).arg(Format.disk(free)) : "",
        context > 0 ? qsTr("a context of %1 tokens fits").arg(Format.count(context)) : "",
        licences.length === 0 ? qsTr("states no licence") : licences.map((one) => one === "NOASSERTION" ? qsTr("a part states no licence") : one).join(", ")
    ].filter((word) => word !== "").join("  ·  ")
    readonly property string tried: test.speed === undefined ? "" : [
        test.speed > 0 ? qsTr("%1 tokens per second").arg(Format.decimal(test.speed, test.speed < 10 ? 1 : 0)) : "",
        test.sees === "yes" ? qsTr("sees") : test.sees === "no" ? qsTr("cannot see") : "",
        test.hears === "yes" ? qsTr("hears") : test.hears === "no" ? qsTr("cannot hear") : "",
        test.ok ? qsTr("all tests passed") : qsTr("some tests failed")
    ].filter((word) => word !== "").join("  ·  ")

    signal done()

    objectName: "own/" + name
    implicitHeight: content.implicitHeight + 2 * Theme.large
    Accessible.role: Accessible.ListItem
    Accessible.name: called
    Accessible.description: [problem, facts, tried].filter((word) => word !== "").join("  ·  ")
    Component.onCompleted: medley.ownModels.listing.weigh(name)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: Theme.colour.surface
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
        FocusRing { shown: card.pointed; gap: -Theme.ring }
    }
    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.large }
        spacing: Theme.small

        RowLayout {
            spacing: Theme.small
            Words {
                text: card.called
                strong: true
                maximumLineCount: 2
                elide: Text.ElideRight
                wrapMode: Text.WrapAtWordBoundaryOrAnywhere
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Repeater {
                model: card.modalities
                delegate: Glyph {
                    required property string modelData
                    glyph: Theme.drawing(modelData)
                    size: Theme.px(15)
                    color: Theme.hue(modelData)
                }
            }
        }
        Words {
            text: card.facts
            faint: true
            size: Theme.fontSmall
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        Words {
            visible: text !== ""
            text: card.tried
            size: Theme.fontSmall
            Layout.fillWidth: true
        }
        Words {
            text: card.path
            faint: true
            size: Theme.fontSmall
            font.family: Theme.mono
            elide: Text.ElideMiddle
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
        }
        Words {
            objectName: "ownProblem"
            visible: card.problem !== ""
            text: Format.sentence(card.problem)
            color: Theme.colour.danger
            Layout.fillWidth: true
        }
        WarningLine {
            visible: card.tight
            text: card.context === 0 ? qsTr("It does not fit into the memory that is free now. Close other programs, or choose a smaller one.")
                                     : qsTr("A long answer may need more memory than is free now.")
            Layout.fillWidth: true
        }
        WaitingCard {
            visible: card.verifyState === "running"
            label: card.verifyShare < 0 ? qsTr("Trying every part …") : qsTr("Reading the files:")
            share: card.verifyShare
            Layout.fillWidth: true
            onCancelled: medley.ownModels.listing.stopVerifying()
        }
        RowLayout {
            visible: card.verifyState === "ok" || card.verifyState === "failed"
            spacing: Theme.small
            Glyph {
                glyph: card.verifyState === "ok" ? "check" : "warning"
                color: card.verifyState === "ok" ? Theme.colour.good : Theme.colour.danger
            }
            Words {
                objectName: "verified"
                text: card.verifyState === "ok" ? qsTr("Every file is as it should be.") : Format.sentence(card.verifyText)
                color: card.verifyState === "ok" ? Theme.colour.good : Theme.colour.danger
                Layout.fillWidth: true
            }
        }
        Loader {
            active: card.testing.name === card.name && (card.testing.state === "running" || card.followed)
            visible: active
            Layout.fillWidth: true
            sourceComponent: TestCard {}
        }
        Words {
            visible: card.asking
            text: card.purpose === "talk" && card.isBundle ? qsTr("Remove it from Medley? Your own files stay where they are.")
                                                           : qsTr("Take it off the list? Your own files stay where they are.")
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        Flow {
            spacing: Theme.small
            Layout.fillWidth: true
            ActionButton {
                objectName: "use"
                visible: card.isBundle && !card.asking
                enabled: card.problem === ""
                text: qsTr("Use it here")
                Accessible.name: qsTr("Use %1 here").arg(card.called)
                onClicked: {
                    medley.picker.choose(card.name);
                    card.done();
                }
            }
            ActionButton {
                objectName: "verify"
                visible: !card.asking
                enabled: card.verifyState !== "running"
                text: qsTr("Verify")
                quiet: true
                Accessible.name: qsTr("Verify %1").arg(card.called)
                onClicked: medley.ownModels.listing.verify(card.name)
            }
            ActionButton {
                objectName: "test"
                visible: card.isBundle && !card.asking
                enabled: card.problem === "" && card.testing.state !== "running"
                text: qsTr("Test")
                quiet: true
                Accessible.name: qsTr("Test %1").arg(card.called)
                onClicked: {
                    card.followed = true;
                    card.testing.start(card.name);
                }
            }
            ActionButton {
                objectName: "remove"
                visible: card.removable
                text: card.asking ? qsTr("Remove") : qsTr("Remove …")
                danger: card.asking
                primary: card.asking
                quiet: !card.asking
                Accessible.name: qsTr("Remove %1").arg(card.called)
                onClicked: {
                    if (card.asking)
                        medley.ownModels.listing.remove(card.name);
                    card.asking = !card.asking;
                }
            }
            ActionButton {
                objectName: "keep"
                visible: card.asking
                text: qsTr("Keep it")
                onClicked: card.asking = false
            }
        }
    }
}
