// What a page says where it has nothing to show.
import QtQuick
import "../controls"
import "../theme"

Words {
    faint: true
    lineHeight: 1.35
    horizontalAlignment: Text.AlignHCenter
    topPadding: Theme.wide
}
