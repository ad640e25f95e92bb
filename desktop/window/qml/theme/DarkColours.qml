// The dark theme: never pure black, so that borders and shadows stay visible.
import QtQuick

Colours {
    window: "#141817"
    sidebar: "#101312"
    surface: "#1C2120"
    raised: "#232927"
    bubble: "#1D3330"
    code: "#191E1C"
    scrim: "#99000000"

    text: "#E7ECEA"
    muted: "#A0ABA7"
    link: "#7AD3C5"

    line: "#2B3230"
    edge: "#3C4542"
    outline: "#75827D"

    accent: "#6CCDBE"
    accentHover: "#88DACD"
    accentInk: "#06231F"
    soft: "#1F3A36"
    softInk: "#A9E5DB"
    hover: "#222826"
    pressed: "#2B3330"
    focus: "#6CCDBE"

    danger: "#F2A59E"
    dangerInk: "#3A0A06"
    dangerSoft: "#3A1F1C"
    warning: "#E7BE74"
    warningSoft: "#352A14"
    good: "#7FD6A0"
    addedSoft: "#17301F"

    image: "#E7B46A"
    audio: "#BFA7F2"
    video: "#8BBEF5"
}
