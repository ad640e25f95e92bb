// The line under a medium: what it is, and save, copy, vary, render again, details.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

RowLayout {
    id: foot

    required property Item block

    spacing: Theme.px(2)
    layoutDirection: block.row.mine ? Qt.RightToLeft : Qt.LeftToRight
    height: Theme.px(28)

    Words {
        objectName: "mediaTitle"
        text: foot.block.card === "file" ? ""
            : foot.block.card === "picture" || foot.block.duration <= 0 ? foot.block.called
            : qsTr("%1 · %2").arg(foot.block.called).arg(Format.seconds(foot.block.duration))
        faint: true
        size: Theme.fontSmall
        elide: Text.ElideMiddle
        wrapMode: Text.NoWrap
        horizontalAlignment: foot.block.row.mine ? Text.AlignRight : Text.AlignLeft
        Layout.fillWidth: true
    }

    component Tool: IconButton {
        size: Theme.px(28)
        glyphSize: Theme.px(16)
        opacity: foot.block.inviting ? 1 : 0
        reachable: foot.block.reachable
    }

    Tool {
        visible: foot.block.made
        glyph: "vary"
        label: qsTr("Vary: the same request with another seed")
        onClicked: medley.transcript.vary(foot.block.row.messageId, foot.block.artifactIndex)
    }
    Tool {
        visible: foot.block.made
        glyph: "again"
        label: qsTr("Render again from its recipe")
        onClicked: medley.transcript.renderAgain(foot.block.row.messageId, foot.block.artifactIndex)
    }
    Tool {
        objectName: "speakAgain"
        visible: foot.block.speaks && foot.block.row.ended
        glyph: "again"
        label: qsTr("Make this video again")
        onClicked: medley.transcript.sayAsVideo(foot.block.row.messageId)
    }
    Tool {
        objectName: "openMedium"
        visible: foot.block.card === "file"
        glyph: "open"
        label: qsTr("Open in another program")
        onClicked: medley.transcript.openExternally(foot.block.mediaId)
    }
    Tool {
        visible: foot.block.card === "picture"
        glyph: "copy"
        label: qsTr("Copy the picture")
        onClicked: medley.transcript.copyMedia(foot.block.mediaId)
    }
    Tool {
        glyph: "save"
        label: qsTr("Save as …")
        onClicked: foot.block.row.transcript.saveAsked(foot.block.mediaId)
    }
    Tool {
        id: more
        objectName: "mediaMore"
        glyph: "more"
        label: qsTr("More")
        onClicked: menu.active ? menu.item.open() : (menu.active = true)
    }
    Loader {
        id: menu
        active: false
        visible: false
        onLoaded: item.open()
        sourceComponent: ThemedMenu {
            parent: more
            y: more.height
            MenuLine {
                text: qsTr("Open in another program")
                glyph: "open"
                onTriggered: medley.transcript.openExternally(foot.block.mediaId)
            }
            MenuLine {
                objectName: "findSimilar"
                visible: foot.block.card !== "file"
                text: qsTr("Find similar")
                glyph: "search"
                onTriggered: medley.conversations.findSimilar(foot.block.mediaId, foot.block.title)
            }
            MenuLine {
                visible: foot.block.made
                text: qsTr("Details")
                glyph: "details"
                onTriggered: medley.transcript.details(foot.block.row.messageId, foot.block.artifactIndex)
            }
        }
    }
}
