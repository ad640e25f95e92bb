// The face that speaks, drawn as in clips. It moves only while it is seen.
//
// `state` is idle, listening, hearing, thinking, speaking, muted or failed. While it speaks, its mouth
// follows `visemes` ({start_s, end_s, shape}) and `loudness` (a number from 0 to 1 every 20 ms) at
// `position`, the seconds of that sound that were really played; set it as often as it is known.
import QtQuick
import "../controls"
import "../theme"
import "../../../../plugins/avatar/artwork.js" as Artwork
import "drawing.js" as Drawing
import "motion.js" as Motion

Item {
    id: face

    property var visemes: []
    property var loudness: []
    property real position: 0
    property bool reducedMotion: !Theme.moving
    property bool dark: Theme.dark
    property int seed: 0
    // A pose of the mouth that is shown in place of what the visemes say.
    property var mouth: null

    readonly property bool watched: visible && width > 0 && Window.visibility !== Window.Hidden
                                    && Window.visibility !== Window.Minimized
    readonly property bool moving: watched && (!reducedMotion || mood === "speaking")
    readonly property string mood: Artwork.face.looks[state] ? state : "idle"
    readonly property var shapes: Drawing.shapes(Artwork.face)
    readonly property var speech: Motion.mouth(Artwork.face, visemes, loudness)
    readonly property var names: ({
        "idle": qsTr("Medley's face"),
        "listening": qsTr("Medley's face: it listens"),
        "hearing": qsTr("Medley's face: it hears you"),
        "thinking": qsTr("Medley's face: it thinks"),
        "speaking": qsTr("Medley's face: it speaks"),
        "muted": qsTr("Medley's face: the microphone is muted"),
        "failed": qsTr("Medley's face: something went wrong"),
    })

    // The mouth's pose, `seconds` from the beginning of the sound.
    function poseAt(seconds: real): var {
        return Motion.mouthAt(speech, seconds);
    }

    implicitWidth: Theme.px(240)
    implicitHeight: implicitWidth
    Accessible.role: Accessible.Graphic
    Accessible.name: names[mood]

    onMoodChanged: clock.change()
    onPositionChanged: clock.heardAt = Date.now()
    onWatchedChanged: clock.show()
    onDarkChanged: body.requestPaint()
    onMouthChanged: clock.show()
    onReducedMotionChanged: clock.show()
    Component.onCompleted: clock.show()

    QtObject {
        id: clock

        readonly property real started: Date.now()
        property string last: face.mood
        property string before: face.mood
        property real changedAt: 0
        property real heardAt: 0
        property var pose: ({})

        // Seconds of the sound played by now; between two reports it runs on by itself.
        function played(): real {
            return face.position + Math.min((Date.now() - heardAt) / 1000, 0.15);
        }

        function change() {
            before = last;
            last = face.mood;
            changedAt = Date.now();
            show();
        }

        function poseIn(mood: string): var {
            const mouth = face.mouth ?? (mood === "speaking" ? face.poseAt(played()) : null);
            if (face.reducedMotion)
                return Motion.stillPose(Artwork.face, mood, mouth);
            return Motion.poseAt(Artwork.face, (Date.now() - started) / 1000, mood, face.seed, mouth);
        }

        function now(): var {
            const share = face.reducedMotion ? 1 : Motion.smooth((Date.now() - changedAt) / 350);
            return share < 1 ? Motion.mixed(poseIn(before), poseIn(last), share) : poseIn(last);
        }

        function show() {
            if (!face.watched)
                return;
            const next = now();
            if (Motion.alike(next, pose))
                return;
            pose = next;
            head.requestPaint();
        }
    }

    Timer {
        interval: 33
        repeat: true
        running: face.moving
        onTriggered: clock.show()
    }

    Canvas {
        id: body
        anchors.centerIn: parent
        width: Math.min(parent.width, parent.height)
        height: width
        renderStrategy: Canvas.Immediate
        onPaint: Drawing.paintBody(getContext("2d"), Artwork.face, face.shapes, width, face.dark ? "dark" : "light")
    }
    Canvas {
        id: head
        anchors.fill: body
        renderStrategy: Canvas.Immediate
        onPaint: Drawing.paintHead(getContext("2d"), Artwork.face, face.shapes, clock.pose, width)
    }

    Rectangle {
        anchors { right: body.right; bottom: body.bottom; margins: body.width * 0.05 }
        width: Math.max(Theme.px(22), body.width * 0.17)
        height: width
        radius: width / 2
        visible: face.mood === "muted" || face.mood === "failed"
        color: Theme.colour.surface
        border.width: Theme.hair
        border.color: face.mood === "failed" ? Theme.colour.danger : Theme.colour.outline
        Glyph {
            anchors.centerIn: parent
            glyph: face.mood === "failed" ? "warning" : "microphone-muted"
            size: parent.width * 0.6
            color: face.mood === "failed" ? Theme.colour.danger : Theme.colour.text
        }
    }
}
