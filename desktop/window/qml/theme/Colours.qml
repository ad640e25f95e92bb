// Every colour of the window by its use. The defaults are the light ones.
import QtQuick

QtObject {
    // Surfaces, from the back to the front.
    property color window: "#FBFCFB"
    property color sidebar: "#F1F4F2"
    property color surface: "#FFFFFF"
    property color raised: "#FFFFFF"
    property color bubble: "#E6F1EE"
    property color code: "#F4F6F5"
    property color scrim: "#66101614"

    // Words and drawings on any of them.
    property color text: "#1A201E"
    property color muted: "#55605C"
    property color link: "#0B6259"

    // Lines: `line` only divides, `edge` surrounds what its words already show, `outline` bounds what
    // could not be found without it.
    property color line: "#E2E7E5"
    property color edge: "#C6CFCB"
    property color outline: "#818D89"

    // What is to be pressed.
    property color accent: "#0F6E64"
    property color accentHover: "#0B5C54"
    property color accentInk: "#FFFFFF"
    property color soft: "#DDEDE9"
    property color softInk: "#0A4F48"
    property color hover: "#E6EBE8"
    property color pressed: "#D9E0DD"
    property color focus: "#0F6E64"

    // What went wrong, and what needs care.
    property color danger: "#B3261E"
    property color dangerInk: "#FFFFFF"
    property color dangerSoft: "#FBEAE8"
    property color warning: "#7F5200"
    property color warningSoft: "#FBF1DC"
    property color good: "#15673A"
    property color addedSoft: "#E3F2E8"

    // One hue for each kind of medium.
    property color image: "#854E00"
    property color audio: "#6B4BB8"
    property color video: "#1B5BA3"
}
