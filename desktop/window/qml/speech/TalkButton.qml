// Held it listens until it is let go, tapped it begins a conversation, tapped again it ends.
import QtQuick
import "../controls"
import "../theme"

IconButton {
    id: button

    objectName: "talkButton"
    glyph: "talk"
    label: medley.talk.on ? qsTr("End the conversation") : qsTr("Talk: tap to begin, or hold and speak")
    hint: medley.talk.key
    checked: medley.talk.on
    onPressed: medley.talk.press()
    onReleased: medley.talk.release()
    onCanceled: medley.talk.release()
    Accessible.onPressAction: medley.talk.toggle()
    Keys.onReturnPressed: medley.talk.toggle()
    Keys.onEnterPressed: medley.talk.toggle()
    onHoveredChanged: if (hovered) medley.talk.prepare()
}
