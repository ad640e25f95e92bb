#!/bin/sh
# Makes the virtual environment that the Makefile uses: scripts/bootstrap.sh FOLDER [KIND]
#
# Installs the pinned versions of constraints.txt and Medley itself, editable. llama.cpp is compiled
# for KIND: cpu, cuda, vulkan or metal. Without KIND it stays what it was compiled for before; the
# first time that is metal on macOS and cpu elsewhere, and pip may have kept such a one. All others
# are compiled here and never kept. CMAKE_ARGS adds flags, which stay likewise. Set PIP_EXTRA_INDEX_URL to PyTorch's CPU index to get the
# smaller torch on machines whose default index has only the other.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$1
stamp=$venv/.llama-cpp

# For what llama.cpp was compiled before: its kind, and the flags that were given.
was=$(sed -n 1p "$stamp" 2>/dev/null) || was=
given=$(sed -n 2p "$stamp" 2>/dev/null) || given=
usual=cpu
[ "$(uname -s)" != Darwin ] || usual=metal
kind=${2:-${was:-$usual}}
given=${CMAKE_ARGS:-$given}
before=$(cat "$stamp" 2>/dev/null) || before=

python=$("$root/scripts/preflight.sh" "$kind")

if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    "$python" -m venv --clear "$venv"
fi

install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet \
        --constraint constraints.txt "$@"
}

# Compiles llama.cpp, whatever pip has kept of an earlier time.
compile() {
    install --no-cache-dir --no-binary llama-cpp-python --force-reinstall --no-deps llama-cpp-python
}

# Whether llama.cpp has its library for pictures and sounds.
has_mtmd() {
    "$venv/bin/python" -c 'import llama_cpp.mtmd_cpp' 2>/dev/null
}

# What the llama.cpp that is installed was compiled for, by the libraries that it brought.
compiled_for() {
    "$venv/bin/python" -c '
import importlib.util, pathlib
found = importlib.util.find_spec("llama_cpp")
names = {path.name for path in (pathlib.Path(found.origin).parent / "lib").iterdir()}
kinds = [k for k in ("cuda", "vulkan", "metal") if any("ggml-" + k in name for name in names)]
print(kinds[0] if kinds else "cpu")' 2>/dev/null || echo nothing
}

# Only the libraries that Medley calls, that for pictures and sounds (mtmd) among them: no command
# line helpers, and no program for clips, whose frames Medley reads itself.
include="'$root/scripts/llama_cpp.cmake'"
CMAKE_ARGS="$given -DLLAVA_BUILD=ON -DMTMD_VIDEO=OFF"
CMAKE_ARGS="$CMAKE_ARGS -DCMAKE_PROJECT_llama_cpp_INCLUDE=$include"
case $kind in
    cpu) [ "$(uname -s)" != Darwin ] || CMAKE_ARGS="$CMAKE_ARGS -DGGML_METAL=OFF" ;;
    cuda)
        CMAKE_ARGS="$CMAKE_ARGS -DGGML_CUDA=ON"
        # For the cards that are here, which spares most of the time that all kinds of them take.
        if nvidia-smi >/dev/null 2>&1; then
            CMAKE_ARGS="$CMAKE_ARGS -DCMAKE_CUDA_ARCHITECTURES=native"
        fi
        CUDACXX=${CUDACXX:-$("$root/scripts/preflight.sh" --nvcc)}
        export CUDACXX
        ;;
    vulkan) CMAKE_ARGS="$CMAKE_ARGS -DGGML_VULKAN=ON" ;;
    metal) CMAKE_ARGS="$CMAKE_ARGS -DGGML_METAL=ON" ;;
esac
export CMAKE_ARGS
flags=$(printf '%s\n%s' "$kind" "$given")

cd "$root"
case $kind in
    cuda) minutes="a quarter of an hour or more" ;;
    *) minutes="some minutes" ;;
esac
if [ "$before" = "$flags" ] || { [ -z "$before$given" ] && [ "$kind" = "$usual" ]; }; then
    echo "medley: installing into $venv (llama.cpp is compiled the first time: $minutes)" >&2
else
    echo "medley: compiling llama.cpp for $kind into $venv: $minutes" >&2
    # Named with what it needs, so that the next step finds it there and compiles no other.
    install --no-cache-dir --no-binary llama-cpp-python llama-cpp-python
    [ "$(compiled_for)" = "$kind" ] && [ -z "$before" ] || compile
fi
install --editable '.[dev,train]'

# pip takes what it compiled once from its cache, whatever was asked of the compiler then.
if ! has_mtmd || [ "$(compiled_for)" != "$kind" ]; then
    if has_mtmd; then
        echo "medley: the llama.cpp in pip's cache is for $(compiled_for); it is compiled for $kind" >&2
    else
        echo "medley: the llama.cpp in pip's cache cannot see or hear; it is compiled again" >&2
    fi
    if [ "$kind" = "$usual" ]; then
        "$venv/bin/python" -m pip cache remove llama_cpp_python >/dev/null 2>&1 || true
        install --force-reinstall --no-deps llama-cpp-python
    else
        compile
    fi
fi
again="'$venv/bin/python -m pip install --force-reinstall --no-deps --no-cache-dir -v llama-cpp-python'"
if ! has_mtmd; then
    echo "medley: expected a llama.cpp with its library for pictures and sounds (mtmd), found" \
        "none after it was compiled. See what its build says with $again." >&2
    exit 1
fi
if [ "$(compiled_for)" != "$kind" ]; then
    echo "medley: expected a llama.cpp for $kind, found one for $(compiled_for) after it was compiled." \
        "See what its build says with CMAKE_ARGS=\"$CMAKE_ARGS\" $again." >&2
    exit 1
fi
printf '%s\n' "$flags" >"$stamp"

if [ "$kind" = cpu ] && nvidia-smi >/dev/null 2>&1; then
    echo "medley: there is an NVIDIA card: 'make run CUDA=1' lets the language model run on it." >&2
fi
