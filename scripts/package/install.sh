#!/bin/sh
# Puts this folder's Medley where the system's menus find it: ./install.sh [--uninstall] [PREFIX]
#
# PREFIX is ~/.local by default. The program stays one folder, PREFIX/lib/medley: to update, run the
# install.sh of the newer folder. Conversations, models and settings lie elsewhere and stay.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
remove=no
if [ "${1:-}" = --uninstall ]; then
    remove=yes
    shift
fi
prefix=${1:-$HOME/.local}
program=$prefix/lib/medley

drop() {
    rm -f "$prefix/bin/medley" "$prefix/share/applications/medley.desktop" \
        "$prefix/share/metainfo/medley.metainfo.xml" \
        "$prefix/share/icons/hicolor/scalable/apps/medley.svg" \
        "$prefix/share/man/man1/medley.1" \
        "$prefix/share/bash-completion/completions/medley"
}

if [ "$remove" = yes ]; then
    drop
    rm -rf "$program"
    echo "Medley was removed. Conversations stay in ${XDG_DATA_HOME:-$HOME/.local/share}/medley."
    exit 0
fi

if [ "$here" = "$program" ]; then
    echo "error: this is the installed Medley itself; run the install.sh of the new folder." >&2
    exit 2
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/applications" "$prefix/share/metainfo" \
    "$prefix/share/icons/hicolor/scalable/apps" "$prefix/share/man/man1" \
    "$prefix/share/bash-completion/completions"
# Beside the old one first: a full disk leaves that as it is.
rm -rf "$program.new"
cp -R "$here" "$program.new"
rm -rf "$program.old"
[ ! -e "$program" ] || mv "$program" "$program.old"
mv "$program.new" "$program"
rm -rf "$program.old"

ln -sf "$program/medley" "$prefix/bin/medley"
share=$program/share
cp "$share/medley.metainfo.xml" "$prefix/share/metainfo/"
cp "$share/medley.svg" "$prefix/share/icons/hicolor/scalable/apps/"
[ ! -e "$share/medley.1" ] || cp "$share/medley.1" "$prefix/share/man/man1/"
[ ! -e "$share/medley.bash" ] ||
    cp "$share/medley.bash" "$prefix/share/bash-completion/completions/medley"
sed "s|^Exec=medley|Exec=\"$prefix/bin/medley\"|" "$share/medley.desktop" \
    >"$prefix/share/applications/medley.desktop"
echo "Medley is installed: $prefix/bin/medley"
case ":$PATH:" in
*":$prefix/bin:"*) ;;
*) echo "Add $prefix/bin to your PATH to start it by its name." ;;
esac
