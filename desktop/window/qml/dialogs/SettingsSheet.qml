// The settings, by subject. Each takes effect at once.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../switcher"
import "../theme"

Sheet {
    id: sheet

    readonly property var subjects: [
        { glyph: "look", name: qsTr("Appearance"), key: "appearance" },
        { glyph: "image", name: qsTr("Answers"), key: "answers" },
        { glyph: "chip", name: qsTr("Engine"), key: "engine" },
        { glyph: "bundle", name: qsTr("Models"), key: "models" },
        { glyph: "offline", name: qsTr("Privacy"), key: "privacy" },
        { glyph: "talk", name: qsTr("Speech"), key: "speech" },
        { glyph: "tool", name: qsTr("Tools and memory"), key: "tools" },
        { glyph: "details", name: qsTr("About"), key: "about" }
    ]
    property Commands commands
    readonly property bool narrow: width < Theme.px(560)

    signal bundlesAsked()
    signal ownModelsAsked()
    signal toolsAsked(page: string)

    function showSubject(key: string) {
        tabs.currentIndex = subjects.findIndex((subject) => subject.key === key);
    }

    objectName: "settingsDialog"
    title: qsTr("Settings")
    wish: Theme.px(720)
    height: parent ? Math.min(Theme.px(560), parent.height - 2 * Theme.large) : 0

    contentItem: GridLayout {
        columns: sheet.narrow ? 1 : 2
        columnSpacing: Theme.wide
        rowSpacing: Theme.medium

        ListView {
            id: tabs
            implicitWidth: Theme.px(150)
            implicitHeight: sheet.narrow ? Theme.px(40) : contentHeight
            orientation: sheet.narrow ? ListView.Horizontal : ListView.Vertical
            spacing: Theme.px(2)
            model: sheet.subjects
            activeFocusOnTab: true
            keyNavigationEnabled: true
            focus: true
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            Layout.fillHeight: !sheet.narrow
            Layout.fillWidth: sheet.narrow
            Accessible.role: Accessible.PageTabList
            Accessible.name: sheet.title
            delegate: ItemDelegate {
                id: tab
                required property var modelData
                required property int index
                readonly property bool chosen: ListView.isCurrentItem
                width: sheet.narrow ? implicitWidth : tabs.width
                implicitHeight: Theme.control
                text: modelData.name
                font.pixelSize: Theme.fontUi
                font.weight: chosen ? Font.DemiBold : Font.Normal
                focusPolicy: Qt.NoFocus
                leftPadding: Theme.small
                rightPadding: Theme.small
                topPadding: 0
                bottomPadding: 0
                spacing: Theme.small
                icon.source: Theme.glyph(modelData.glyph)
                icon.width: Theme.icon
                icon.height: Theme.icon
                icon.color: chosen ? Theme.colour.softInk : Theme.colour.muted
                palette.text: chosen ? Theme.colour.softInk : Theme.colour.text
                Accessible.role: Accessible.PageTab
                Accessible.name: text
                Accessible.selected: chosen
                Accessible.onPressAction: tabs.currentIndex = index
                onClicked: tabs.currentIndex = index
                background: Rectangle {
                    radius: Theme.radiusMedium
                    color: tab.chosen ? Theme.colour.soft : tab.hovered ? Theme.colour.hover : "transparent"
                    border.width: Theme.highContrast && tab.chosen ? Theme.ring : 0
                    border.color: Theme.colour.text
                    FocusRing { shown: tab.chosen && tabs.activeFocus; gap: -Theme.ring }
                }
            }
        }
        Scroller {
            id: scroller
            objectName: "settingsScroller"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Loader {
                width: scroller.availableWidth - Theme.medium
                sourceComponent: [appearance, answers, engine, models, privacy, speech, tools, about][tabs.currentIndex]
            }
        }
    }

    Component {
        id: appearance
        SettingsAppearance {}
    }
    Component {
        id: answers
        SettingsAnswers {}
    }
    Component {
        id: speech
        SettingsSpeech {}
    }
    Component {
        id: engine
        SettingsEngine { onBundlesAsked: sheet.bundlesAsked() }
    }
    Component {
        id: models
        SettingsModels { onOwnAsked: sheet.ownModelsAsked() }
    }
    Component {
        id: privacy
        SettingsPrivacy {}
    }
    Component {
        id: tools
        SettingsTools { onToolsAsked: (page) => sheet.toolsAsked(page) }
    }
    Component {
        id: about
        SettingsAbout { commands: sheet.commands }
    }
}
