// Words of a message. They can be selected; a link asks before it leaves the window.
import QtQuick
import "../theme"

Item {
    id: block

    required property string text
    required property string plain
    required property bool quoted
    required property Item row

    readonly property bool mine: row.mine
    readonly property int pad: mine ? Theme.medium : 0
    readonly property int most: mine ? Math.round(row.room * 0.84) : row.room

    width: !mine ? row.room : !measure.item ? most : Math.min(most, Math.ceil(measure.item.implicitWidth) + 2 * pad)
    // The last paragraph of a bubble needs no room under it.
    height: words.height + (mine ? 2 * Theme.px(10) - Theme.small : 0)
    x: mine ? row.room - width : 0

    // How wide the words of a bubble would be on one line. The editor's own answer depends on its
    // width, which depends on the answer.
    Loader {
        id: measure
        // Many words fill the bubble's whole width anyhow.
        active: block.mine && block.plain.length < 1000
        visible: false
        sourceComponent: Text {
            text: words.text
            textFormat: Text.RichText
            font: words.font
        }
    }

    Rectangle {
        visible: block.mine
        anchors.fill: parent
        radius: Theme.radiusLarge
        color: Theme.colour.bubble
        border.width: Theme.highContrast ? Theme.hair : 0
        border.color: Theme.colour.outline
    }

    Rectangle {
        visible: block.quoted
        width: Theme.px(3)
        height: words.height - Theme.small
        radius: width / 2
        color: Theme.colour.outline
    }

    TextEdit {
        id: words

        readonly property string rules: "<style>a{color:" + Theme.colour.link + "}"
            + "p{margin-top:0;margin-bottom:" + Theme.small + "px;line-height:135%}"
            + "li{line-height:135%}b,strong,h1,h2,h3,h4,h5,h6,th{font-weight:600}"
            + "h1{font-size:" + Theme.px(20) + "px}h2{font-size:" + Theme.px(18) + "px}"
            + "h3,h4,h5,h6{font-size:" + Theme.px(16) + "px}</style>"

        x: block.pad
        y: block.mine ? Theme.px(10) : 0
        width: block.width - 2 * block.pad
        text: rules + block.text
        textFormat: TextEdit.RichText
        wrapMode: Format.unbroken(block.plain) ? TextEdit.WrapAnywhere : TextEdit.Wrap
        readOnly: true
        selectByMouse: true
        selectByKeyboard: true
        activeFocusOnPress: true
        activeFocusOnTab: block.row.current || Window.activeFocusItem === words
        color: block.quoted ? Theme.colour.muted : Theme.colour.text
        selectionColor: Theme.colour.accent
        selectedTextColor: Theme.colour.accentInk
        font.pixelSize: Theme.fontBody
        Accessible.role: Accessible.StaticText
        Accessible.name: block.plain
        onLinkActivated: (link) => block.row.transcript.linkAsked(link)
        Keys.onReturnPressed: (event) => {
            const at = cursorRectangle;
            const link = linkAt(at.x + 1, at.y + at.height / 2);
            event.accepted = link !== "";
            if (link !== "")
                block.row.transcript.linkAsked(link);
        }
        HoverHandler { cursorShape: words.hoveredLink !== "" ? Qt.PointingHandCursor : Qt.IBeamCursor }
        Rectangle {
            visible: words.activeFocus && block.row.current
            anchors { fill: parent; margins: -Theme.tiny }
            color: "transparent"
            radius: Theme.radiusSmall
            border.width: Theme.ring
            border.color: Theme.colour.focus
        }
    }
}
