#!/bin/sh
# Makes the virtual environment that the Makefile uses: scripts/bootstrap.sh FOLDER
#
# Installs the pinned versions of constraints.txt and Medley itself, editable. llama.cpp is compiled
# on the first installation and kept in pip's own cache after that. Set PIP_EXTRA_INDEX_URL to
# PyTorch's CPU index to get the smaller torch on machines whose default index has only the other.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$1
python=$("$root/scripts/preflight.sh")

if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    "$python" -m venv --clear "$venv"
fi

install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet \
        --constraint constraints.txt "$@"
}

# Whether llama.cpp has its library for pictures and sounds.
has_mtmd() {
    "$venv/bin/python" -c 'import llama_cpp.mtmd_cpp' 2>/dev/null
}

# Only the libraries that Medley calls, that for pictures and sounds (mtmd) among them: no command
# line helpers, and no program for clips, whose frames Medley reads itself.
include="'$root/scripts/llama_cpp.cmake'"
CMAKE_ARGS="${CMAKE_ARGS:-} -DLLAVA_BUILD=ON -DMTMD_VIDEO=OFF"
CMAKE_ARGS="$CMAKE_ARGS -DCMAKE_PROJECT_llama_cpp_INCLUDE=$include"
export CMAKE_ARGS

echo "medley: installing into $venv (llama.cpp is compiled the first time: some minutes)" >&2
cd "$root"
install --editable '.[dev,train]'

# pip takes what it compiled once from its cache, whatever was asked of the compiler then.
if ! has_mtmd; then
    echo "medley: the llama.cpp in pip's cache cannot see or hear; it is compiled again" >&2
    "$venv/bin/python" -m pip cache remove llama_cpp_python >/dev/null 2>&1 || true
    install --force-reinstall --no-deps llama-cpp-python
    if ! has_mtmd; then
        echo "medley: expected a llama.cpp with its library for pictures and sounds (mtmd), found" \
            "none after it was compiled. See what its build says with" \
            "'$venv/bin/python -m pip install --force-reinstall --no-deps -v llama-cpp-python'." >&2
        exit 1
    fi
fi
