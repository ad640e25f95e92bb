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

# Only the libraries that Medley calls: no multimodal tools, no command line helpers.
include="'$root/scripts/llama_cpp.cmake'"
CMAKE_ARGS="${CMAKE_ARGS:-} -DLLAVA_BUILD=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE=$include"
export CMAKE_ARGS

echo "medley: installing into $venv (llama.cpp is compiled the first time: some minutes)" >&2
cd "$root"
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet \
    --constraint constraints.txt --editable '.[dev,train]'
