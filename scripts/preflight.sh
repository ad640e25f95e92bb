#!/bin/sh
# Finds what this machine lacks before a long installation trips over it:
# scripts/preflight.sh [cpu|cuda|vulkan|metal], for what llama.cpp is to be compiled.
#
# Prints the path of the Python to use. What is missing is installed when this runs as root on a
# machine with apt; otherwise the one command to type is printed and the exit status is 1. Missing
# fonts and sound libraries are only told: everything runs without them, with boxes in place of some
# words, and with Qt's way to microphones and loudspeakers, which is slower.
# What a graphics card needs is told only: it is large, and some of it comes from the card's maker.
# Needs nothing but a POSIX shell.
set -eu

kind=${1:-cpu}

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if suits "$name"; then
            command -v "$name"
            return
        fi
    done
}

compiles() {
    folder=$(mktemp -d)
    printf '#include <string>\n#include <thread>\nint main() { return std::string().size(); }\n' \
        >"$folder/try.cpp"
    status=1
    for name in ${CXX:-c++ g++ clang++}; do
        if "$name" -std=c++17 "$folder/try.cpp" -o "$folder/try" >/dev/null 2>&1; then
            status=0
            break
        fi
    done
    rm -rf "$folder"
    return $status
}

# PyAV's wheel takes zlib from the system on Linux; every other wheel brings what it needs.
has_zlib() {
    [ "$(uname -s)" != Linux ] ||
        "$python" -c 'import ctypes; ctypes.CDLL("libz.so.1")' >/dev/null 2>&1
}

# PySide6's wheels bring Qt and take these from the system on Linux: drawing, fonts, sound, X11.
qt_libraries='libGL.so.1 libEGL.so.1 libxkbcommon.so.0 libdbus-1.so.3 libfontconfig.so.1
    libglib-2.0.so.0 libpulse.so.0 libXrandr.so.2 libxcb-cursor.so.0 libxcb-icccm.so.4
    libxcb-keysyms.so.1 libxcb-shape.so.0 libxkbcommon-x11.so.0'
has_qt_libraries() {
    [ "$(uname -s)" != Linux ] || "$python" -c '
import ctypes, sys
for name in sys.argv[1:]:
    ctypes.CDLL(name)' $qt_libraries >/dev/null 2>&1
}

# Whether a font is there for a language, as fontconfig knows it: zh-cn, und-zsye (emoji).
has_font() {
    "$python" -c '
import ctypes, sys
fontconfig = ctypes.CDLL("libfontconfig.so.1")
for name in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
    getattr(fontconfig, name).restype = ctypes.c_void_p
pattern = ctypes.c_void_p(fontconfig.FcNameParse(b":lang=" + sys.argv[1].encode()))
found = fontconfig.FcFontList(None, pattern, ctypes.c_void_p(fontconfig.FcObjectSetCreate()))
sys.exit(not found or ctypes.c_int.from_address(found).value == 0)' "$1" >/dev/null 2>&1
}

# What words are drawn as boxes for want of a font: chinese emoji.
missing_fonts() {
    python=$(find_python)
    if [ "$(uname -s)" = Linux ] && [ -n "$python" ]; then
        has_font zh-cn || printf 'chinese '
        has_font und-zsye || printf 'emoji '
    fi
}

# The library that microphones and loudspeakers are reached through, and its way to a sound server.
missing_sound() {
    python=$(find_python)
    if [ "$(uname -s)" = Linux ] && [ -n "$python" ]; then
        "$python" -c '
import ctypes, pathlib, sys
ctypes.CDLL(sys.argv[1])
sys.exit(not list(pathlib.Path("/").glob("usr/lib*/**/alsa-lib/libasound_module_pcm_pulse.so")))' \
            libportaudio.so.2 >/dev/null 2>&1 || printf 'sound '
    fi
}

# NVIDIA's compiler: on the path, or where its own installer puts it.
find_nvcc() {
    for name in nvcc "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" /opt/cuda/bin/nvcc; do
        if command -v "$name" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
}

# Whether the compiler finds a header.
has_header() {
    folder=$(mktemp -d)
    printf '#include <%s>\nint main() { return 0; }\n' "$1" >"$folder/try.cpp"
    status=1
    for name in ${CXX:-c++ g++ clang++}; do
        if "$name" -std=c++17 -fsyntax-only "$folder/try.cpp" >/dev/null 2>&1; then
            status=0
            break
        fi
    done
    rm -rf "$folder"
    return $status
}

# What the graphics card of a kind lacks, as words: driver nvcc glslc vulkan spirv xcode.
missing_for() {
    case $1 in
        cuda)
            command -v nvidia-smi >/dev/null 2>&1 || printf 'driver '
            [ -n "$(find_nvcc)" ] || printf 'nvcc '
            ;;
        vulkan)
            command -v glslc >/dev/null 2>&1 || printf 'glslc '
            has_header vulkan/vulkan.h || printf 'vulkan '
            has_header spirv/unified1/spirv.hpp || printf 'spirv '
            ;;
        metal) [ "$(uname -s)" = Darwin ] || printf 'macos ' ;;
    esac
}

# What is missing, as words: python venv compiler make zlib qt.
missing() {
    python=$(find_python)
    if [ -z "$python" ]; then
        printf 'python venv '
    else
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || printf 'venv '
        has_zlib || printf 'zlib '
        has_qt_libraries || printf 'qt '
    fi
    compiles || printf 'compiler '
    command -v make >/dev/null 2>&1 || printf 'make '
}

packages_apt() {
    for word in "$@"; do
        case $word in
            python) printf 'python3 ' ;;
            venv)
                found=$(find_python)
                if [ -n "$found" ]; then
                    "$found" -c 'import sys; print("python3.%d-venv" % sys.version_info[1], end=" ")'
                else
                    printf 'python3-venv '
                fi
                ;;
            compiler) printf 'g++ libc6-dev ' ;;
            make) printf 'make ' ;;
            zlib) printf 'zlib1g ' ;;
            qt)
                printf 'libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 '
                printf 'libpulse0 libxrandr2 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 '
                printf 'libxcb-shape0 libxkbcommon-x11-0 '
                ;;
            chinese) printf 'fonts-noto-cjk ' ;;
            emoji) printf 'fonts-noto-color-emoji ' ;;
            sound) printf 'libportaudio2 libasound2-plugins ' ;;
            driver) printf 'nvidia-driver ' ;;
            nvcc) printf 'nvidia-cuda-toolkit ' ;;
            glslc) printf 'glslc ' ;;
            vulkan) printf 'libvulkan-dev ' ;;
            spirv) printf 'spirv-headers ' ;;
        esac
    done
}

packages_other() {
    manager=$1
    shift
    for word in "$@"; do
        case $manager-$word in
            dnf-python | dnf-venv) printf 'python3 ' ;;
            dnf-compiler) printf 'gcc-c++ ' ;;
            pacman-python | pacman-venv | brew-python | brew-venv) printf 'python ' ;;
            pacman-compiler | brew-compiler) printf 'gcc ' ;;
            dnf-qt)
                printf 'mesa-libGL mesa-libEGL libxkbcommon-x11 dbus-libs fontconfig glib2 '
                printf 'pulseaudio-libs libXrandr xcb-util-cursor xcb-util-wm xcb-util-keysyms '
                ;;
            pacman-qt)
                printf 'libglvnd mesa libxkbcommon-x11 dbus fontconfig glib2 libpulse libxrandr '
                printf 'xcb-util-cursor xcb-util-wm xcb-util-keysyms '
                ;;
            dnf-chinese) printf 'google-noto-sans-cjk-fonts ' ;;
            dnf-emoji) printf 'google-noto-color-emoji-fonts ' ;;
            pacman-chinese) printf 'noto-fonts-cjk ' ;;
            pacman-emoji) printf 'noto-fonts-emoji ' ;;
            dnf-driver) printf 'akmod-nvidia ' ;;
            dnf-nvcc) printf 'cuda-toolkit ' ;;
            dnf-vulkan) printf 'vulkan-headers vulkan-loader-devel ' ;;
            dnf-spirv) printf 'spirv-headers-devel ' ;;
            pacman-driver) printf 'nvidia ' ;;
            pacman-nvcc) printf 'cuda ' ;;
            pacman-glslc | brew-glslc) printf 'shaderc ' ;;
            pacman-vulkan) printf 'vulkan-headers vulkan-icd-loader ' ;;
            brew-vulkan) printf 'vulkan-headers vulkan-loader molten-vk ' ;;
            pacman-spirv | brew-spirv) printf 'spirv-headers ' ;;
            dnf-sound) printf 'portaudio alsa-plugins-pulseaudio ' ;;
            pacman-sound) printf 'portaudio alsa-plugins ' ;;
            *) printf '%s ' "$word" ;;
        esac
    done
}

command_for() {
    if command -v apt-get >/dev/null 2>&1; then
        echo "sudo apt-get install -y --no-install-recommends $(packages_apt "$@")"
    elif command -v dnf >/dev/null 2>&1; then
        echo "sudo dnf install -y $(packages_other dnf "$@")"
    elif command -v pacman >/dev/null 2>&1; then
        echo "sudo pacman -S --needed $(packages_other pacman "$@")"
    elif command -v brew >/dev/null 2>&1; then
        echo "brew install $(packages_other brew "$@")"
    else
        echo "(install with your system's package manager:) $*"
    fi
}

if [ "$kind" = --nvcc ]; then
    find_nvcc
    exit 0
fi
lacks=$(missing)
fonts=$(missing_fonts)
sound=$(missing_sound)
if [ -n "$lacks$fonts$sound" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "medley: installing what this machine lacks: $lacks$fonts$sound" >&2
    # Several words on purpose. shellcheck disable=SC2046,SC2086
    { apt-get update -qq && apt-get install -o DPkg::Lock::Timeout=300 -y --no-install-recommends $(packages_apt $lacks $fonts $sound); } >&2 || true
    lacks=$(missing)
    fonts=$(missing_fonts)
    sound=$(missing_sound)
fi
if [ -n "$lacks" ]; then
    echo "medley: this machine lacks: $lacks" >&2
    echo "medley: Medley needs Python 3.11 or newer with venv, a C++17 compiler, make and the libraries of a desktop. Type:" >&2
    # Several words on purpose. shellcheck disable=SC2086
    echo "    $(command_for $lacks)" >&2
    exit 1
fi
card=$(missing_for "$kind")
case $card in
    '') ;;
    *macos*)
        echo "medley: Metal is Apple's; expected macOS, found $(uname -s). Leave METAL out." >&2
        exit 1
        ;;
    *)
        echo "medley: to compile llama.cpp for $kind this machine lacks: ${card% }. Type:" >&2
        # Several words on purpose. shellcheck disable=SC2086
        echo "    $(command_for $card)" >&2
        [ "$kind" != cuda ] ||
            echo "medley: (the newest CUDA toolkit and driver are at developer.nvidia.com/cuda-downloads)" >&2
        echo "medley: Without $(echo "$kind" | tr '[:lower:]' '[:upper:]')=1 the language model runs on the processor." >&2
        exit 1
        ;;
esac
if [ -n "$fonts" ]; then
    echo "medley: no font here draws: ${fonts% }. The window shows boxes in their place until you type:" >&2
    # Several words on purpose. shellcheck disable=SC2086
    echo "    $(command_for $fonts)" >&2
fi
if [ -n "$sound" ]; then
    echo "medley: PortAudio or its way to the sound server is missing. Speech goes through Qt, which answers later, until you type:" >&2
    # Several words on purpose. shellcheck disable=SC2086
    echo "    $(command_for $sound)" >&2
fi
find_python
