// A form that scrolls, with what has the keyboard in sight.
import QtQuick
import QtQuick.Controls.Basic

ScrollView {
    id: scroller

    contentWidth: availableWidth
    clip: true
    ScrollBar.horizontal.policy: ScrollBar.AlwaysOff

    FollowFocus {
        parent: scroller
        view: scroller.contentItem
    }
}
