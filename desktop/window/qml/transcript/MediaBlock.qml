// A picture, a sound or a clip where it stands, with what can be done with it.
import QtQuick
import "../controls"
import "../theme"

Item {
    id: medium

    required property var model
    required property Item row

    readonly property string mediaId: model.mediaId
    readonly property string modality: model.modality
    readonly property string card: model.card
    readonly property string name: model.name
    readonly property url source: model.source
    readonly property real naturalWidth: model.width > 0 ? model.width : 320
    readonly property real naturalHeight: model.height > 0 ? model.height : 240
    readonly property real duration: model.duration
    readonly property bool made: model.made
    readonly property int artifactIndex: model.artifactIndex
    readonly property bool clipart: model.clipart
    readonly property bool speaks: model.speaks
    readonly property string mime: model.mime
    readonly property real bytes: model.bytes
    readonly property string title: model.title !== "" ? model.title : Format.kind(modality)
    readonly property bool recording: model.recording
    readonly property string called: recording ? qsTr("What you said")
        : clipart ? qsTr("Clip art: %1").arg(title)
        : artifactIndex < 0 || model.title === "" ? title : qsTr("%1: %2").arg(Format.kind(modality)).arg(title)

    // Largest size of a picture here; small ones are enlarged a little, never much.
    readonly property real most: Math.min(row.room, row.mine ? Theme.px(300) : Theme.px(460))
    readonly property real fit: Math.min(most / naturalWidth, Theme.px(row.mine ? 260 : 440) / naturalHeight,
                                         Math.max(Theme.scale, Theme.px(320) / Math.max(naturalWidth, naturalHeight)))
    readonly property int shownWidth: recording ? Math.min(row.room * 0.6, Theme.px(220))
                                    : card === "sound" ? Math.min(row.room, Theme.px(420)) : Math.round(naturalWidth * fit)
    readonly property int shownHeight: Math.round(naturalHeight * fit)
    readonly property bool inviting: hover.hovered || row.current || (row.last && (made || speaks))
    readonly property bool reachable: row.current || row.last

    // What was said aloud stands below its words: a line is enough for it.
    width: recording ? Math.min(row.room, Theme.px(460)) : Math.max(shown.width, Math.min(row.room, Theme.px(240)))
    height: recording ? shown.height : shown.height + foot.height + Theme.tiny + (found.item?.shown ? found.height + Theme.tiny : 0)
    x: row.mine ? row.room - width : 0

    HoverHandler { id: hover }

    Loader {
        id: shown
        x: medium.row.mine ? medium.width - width : 0
        sourceComponent: ({ picture: picture, sound: sound, clip: clip })[medium.card] ?? file
    }
    Component {
        id: picture
        PictureCard { block: medium }
    }
    Component {
        id: sound
        SoundCard { block: medium }
    }
    Component {
        id: clip
        ClipCard { block: medium }
    }

    Component {
        id: file
        DocumentCard { block: medium }
    }

    MediaFoot {
        id: foot
        block: medium
        x: medium.recording && !medium.row.mine ? shown.width + Theme.tiny : 0
        width: medium.recording ? medium.width - shown.width - Theme.tiny : medium.width
        y: medium.recording ? (shown.height - height) / 2 : shown.height + Theme.tiny
    }
    // Of what a person gave. What Medley made is known to it.
    Loader {
        id: found
        active: medium.row.mine && !medium.made && !medium.recording
        x: medium.row.mine ? medium.width - width : 0
        y: foot.y + foot.height
        width: Math.min(medium.row.room, Math.max(medium.width, Theme.px(460)))
        sourceComponent: FoundLines { block: medium }
    }
}
