// What is taken for one part of a bundle.
import QtQuick
import "../controls"
import "../theme"

SheetRow {
    id: row

    required property string part
    // What comes by itself; empty where something has to be chosen.
    required property string usual
    readonly property var given: medley.ownModels.making.options[part] ?? []
    readonly property string chosen: medley.ownModels.making.chosen[part] ?? ""
    readonly property var before: usual !== "" ? [{ value: "", text: usual }] : given.length === 0 ? [{ value: "", text: qsTr("none yet") }] : []
    readonly property var without: usual === "" || part === "hear" || part === "speak" ? [] : [{ value: "none", text: qsTr("nothing") }]

    signal otherAsked()

    Choice {
        objectName: "part/" + row.part
        label: row.title
        model: row.before.concat(row.given, row.without)
        chosen: row.chosen
        implicitWidth: Theme.px(240)
        onActivated: medley.ownModels.making.choose(row.part, currentValue)
    }
    IconButton {
        objectName: "other/" + row.part
        glyph: "folder"
        label: qsTr("Choose another: %1").arg(row.title)
        onClicked: row.otherAsked()
    }
}
