// High contrast on black.
import QtQuick

Colours {
    window: "#000000"
    sidebar: "#000000"
    surface: "#000000"
    raised: "#000000"
    bubble: "#000000"
    code: "#000000"
    scrim: "#CC000000"

    text: "#FFFFFF"
    muted: "#E0E0E0"
    link: "#8FF5E6"

    line: "#FFFFFF"
    edge: "#FFFFFF"
    outline: "#FFFFFF"

    accent: "#8FF5E6"
    accentHover: "#FFFFFF"
    accentInk: "#000000"
    soft: "#000000"
    softInk: "#FFFFFF"
    hover: "#2E2E2E"
    pressed: "#454545"
    focus: "#FFE45C"

    danger: "#FFB0A8"
    dangerInk: "#000000"
    dangerSoft: "#000000"
    warning: "#FFD98A"
    warningSoft: "#000000"
    good: "#9CF0BC"
    addedSoft: "#000000"

    image: "#FFD08A"
    audio: "#D6C6FF"
    video: "#A9D2FF"
}
