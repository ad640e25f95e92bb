// High contrast on white: black words, black borders, no tints that carry meaning.
import QtQuick

Colours {
    window: "#FFFFFF"
    sidebar: "#FFFFFF"
    bubble: "#FFFFFF"
    code: "#FFFFFF"
    scrim: "#B3000000"

    text: "#000000"
    muted: "#262626"
    link: "#003C9E"

    line: "#000000"
    edge: "#000000"
    outline: "#000000"

    accent: "#00413A"
    accentHover: "#000000"
    soft: "#FFFFFF"
    softInk: "#000000"
    hover: "#E0E0E0"
    pressed: "#C8C8C8"
    focus: "#0033CC"

    danger: "#8C0000"
    dangerSoft: "#FFFFFF"
    warning: "#5C3A00"
    warningSoft: "#FFFFFF"
    good: "#004D1F"
    addedSoft: "#FFFFFF"

    image: "#5C3600"
    audio: "#3D1D8A"
    video: "#003A80"
}
