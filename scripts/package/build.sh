#!/bin/sh
# Builds the installable program: scripts/package/build.sh [full|small]
#
# Makes dist/medley, a folder that runs wherever it lies, and dist/medley-VERSION-KIND-MACHINE.tar.xz
# of it with an installer inside. Needs some 6 GB of disk and half an hour on two cores; the
# environment in .venv-package is kept for the next time.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
kind=${1:-full}
venv=${MEDLEY_PACKAGE_VENV:-.venv-package}
case $kind in full | small) ;; *)
    echo "error: expected full or small, found $kind." >&2
    exit 2
    ;;
esac

scripts/package/environment.sh "$venv"
MEDLEY_BUILD=$kind "$venv/bin/pyinstaller" build.spec --noconfirm --log-level WARN \
    --distpath dist --workpath build

share=dist/medley/share
mkdir -p "$share"
cp scripts/package/medley.desktop scripts/package/medley.metainfo.xml "$share/"
cp desktop/window/qml/icons/medley.svg "$share/medley.svg"
cp scripts/package/install.sh dist/medley/install.sh
cp LICENSE dist/medley/LICENSE
"$venv/bin/python" -m tools.shell_files "$share" >/dev/null

"$venv/bin/python" -m tools.package_check dist/medley

version=$("$venv/bin/python" -c 'from importlib.metadata import version; print(version("medley"))')
archive=dist/medley-$version-$kind-$(uname -m).tar.xz
echo "medley: packing $archive" >&2
tar -C dist --sort=name --owner=0 --group=0 --numeric-owner -cf - medley | xz -T0 -3 >"$archive"
ls -l "$archive"
