// The tokens of the look: colour, spacing, type, radius, motion. Everything grows with the scale.
pragma Singleton
import QtQuick

QtObject {
    id: theme

    readonly property bool dark: medley.dark
    readonly property bool highContrast: medley.highContrast
    readonly property real scale: Math.max(1, medley.scale)

    readonly property Colours colour: dark ? (highContrast ? darkContrast : darkColours)
                                           : (highContrast ? lightContrast : lightColours)
    readonly property Colours lightColours: LightColours {}
    readonly property Colours darkColours: DarkColours {}
    readonly property Colours lightContrast: LightContrast {}
    readonly property Colours darkContrast: DarkContrast {}

    // Distances.
    readonly property int hair: 1
    readonly property int tiny: px(4)
    readonly property int small: px(8)
    readonly property int medium: px(12)
    readonly property int large: px(16)
    readonly property int wide: px(24)
    readonly property int huge: px(40)

    // Letters.
    readonly property int fontSmall: px(12)
    readonly property int fontUi: px(14)
    readonly property int fontBody: px(15)
    readonly property int fontTitle: px(18)
    readonly property int fontDisplay: px(28)
    readonly property string mono: Qt.platform.os === "osx" ? "Menlo"
                                 : Qt.platform.os === "windows" ? "Consolas" : "monospace"

    // Corners.
    readonly property int radiusSmall: px(6)
    readonly property int radiusMedium: px(10)
    readonly property int radiusLarge: px(16)

    // Sizes that recur.
    readonly property int control: px(36)
    readonly property int icon: px(18)
    readonly property int column: px(760)
    readonly property int sidebarWidth: px(288)
    readonly property int ring: 2

    // Times in milliseconds.
    readonly property int quick: medley.reducedMotion ? 0 : 110
    readonly property int calm: medley.reducedMotion ? 0 : 200
    readonly property bool moving: !medley.reducedMotion

    function px(size: real): int {
        return Math.round(size * scale);
    }

    function glyph(name: string): url {
        return name === "" ? "" : Qt.resolvedUrl("../icons/" + name + ".svg");
    }

    // The drawing of a modality; one that a plugin brings has that of a file.
    function drawing(modality: string): string {
        return ["text", "image", "audio", "video", "document"].indexOf(modality) >= 0 ? modality : "document";
    }

    // The hue of a modality.
    function hue(modality: string): color {
        return modality === "image" ? colour.image
             : modality === "audio" ? colour.audio
             : modality === "video" ? colour.video : colour.accent;
    }
}
