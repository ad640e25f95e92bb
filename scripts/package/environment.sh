#!/bin/sh
# Makes the environment that the installable program is built from: scripts/package/environment.sh FOLDER
#
# It holds what Medley runs with and PyInstaller, and nothing of what developers use. llama.cpp is
# compiled in it for every processor since about 2015 (x86-64-v3), not for the one of this machine.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
venv=$1
python=$("$root/scripts/preflight.sh")

"$venv/bin/python" -c '' 2>/dev/null || "$python" -m venv --clear "$venv"

include="'$root/scripts/llama_cpp.cmake'"
CMAKE_ARGS="-DLLAVA_BUILD=ON -DMTMD_VIDEO=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE=$include"
case $(uname -m) in
x86_64)
    CMAKE_ARGS="$CMAKE_ARGS -DGGML_NATIVE=OFF -DGGML_SSE42=ON -DGGML_AVX=ON -DGGML_AVX2=ON"
    CMAKE_ARGS="$CMAKE_ARGS -DGGML_BMI2=ON -DGGML_FMA=ON -DGGML_F16C=ON"
    ;;
*) CMAKE_ARGS="$CMAKE_ARGS -DGGML_NATIVE=OFF" ;;
esac
export CMAKE_ARGS

cd "$root"
install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet \
        --constraint constraints.txt "$@"
}

wanted="$CMAKE_ARGS $(grep '^llama-cpp-python==' constraints.txt)"
if [ "$(cat "$venv/.llama-cpp" 2>/dev/null)" != "$wanted" ]; then
    echo "medley: compiling llama.cpp for the package: some minutes" >&2
    # Neither pip's cache nor a wheel: both may hold one for this machine's processor alone.
    install --no-cache-dir --no-binary llama-cpp-python --force-reinstall llama-cpp-python
    printf '%s' "$wanted" >"$venv/.llama-cpp"
fi
install --editable '.[package]'
