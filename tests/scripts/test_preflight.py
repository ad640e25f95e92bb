"""What a bare machine lacks is found, and installed or told, before it hurts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "preflight.sh"
TOOLS = ("dirname", "mktemp", "rm", "sh", "uname")


class Machine:
    """A machine that has only what is in one folder."""

    def __init__(self, folder: Path, user: int) -> None:
        self.folder = folder
        for tool in TOOLS:
            self.has(tool)
        self.script("id", f"echo {user}")

    def has(self, tool: str, real: str = "") -> None:
        """Put a tool of the real machine there."""
        found = shutil.which(real or tool)
        assert found is not None
        # A script, not a link: compilers and Pythons look at the name they were called by.
        self.script(tool, f'PATH="{Path(found).parent}:/usr/bin:/bin" exec "{found}" "$@"')

    def script(self, name: str, text: str) -> None:
        """Put a script there."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def python(self, *, without: str = "") -> None:
        """Put this Python there, on a machine with every font and library but `without`.

        What the script asks for stands in the arguments: a library's name, or the language of a
        font.
        """
        lacking = f'case "$*" in *{without}*) exit 1 ;; esac; ' if without else ""
        fonts = 'case "$*" in *FcFontList* | *libportaudio*) exit 0 ;; esac; '
        self.script("python3", f'{lacking}{fonts}exec "{sys.executable}" "$@"')

    def preflight(self, *kind: str) -> subprocess.CompletedProcess[str]:
        """Run the script there."""
        return subprocess.run(
            ["/bin/sh", str(SCRIPT), *kind],
            env={"PATH": str(self.folder), "CUDA_HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with an ordinary user, Python, fonts and make, and no compiler."""
    made = Machine(tmp_path, user=1000)
    made.python()
    made.has("make", "sh")
    return made


def test_a_machine_that_has_everything_names_its_python(machine: Machine) -> None:
    machine.has("g++")

    result = machine.preflight()

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(machine.folder / "python3")
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install -y --no-install-recommends g++ libc6-dev"),
        ("dnf", "sudo dnf install -y gcc-c++"),
        ("pacman", "sudo pacman -S --needed gcc"),
        ("brew", "brew install gcc"),
    ],
)
def test_a_missing_compiler_is_answered_with_the_one_command_to_type(
    manager: str, command: str, machine: Machine
) -> None:
    machine.script(manager, "exit 9")

    result = machine.preflight()

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].strip() == command
    assert result.stdout == ""


def test_an_old_python_does_not_count(machine: Machine) -> None:
    machine.has("g++")
    machine.script("python3", "exit 1")
    machine.script("apt-get", "exit 9")

    result = machine.preflight()

    assert result.returncode == 1
    assert "python3 python3-venv" in result.stderr


def test_root_with_apt_gets_what_is_missing_installed(tmp_path: Path, machine: Machine) -> None:
    machine.script("id", "echo 0")
    log, compiler = tmp_path / "log", tmp_path / "g++"
    machine.has("the-compiler", "g++")
    machine.script(
        "apt-get",
        f'echo "$@" >>"{log}"\n'
        f'case "$1" in install) /bin/cp "{tmp_path}/the-compiler" "{compiler}" ;; esac',
    )

    result = machine.preflight()

    assert result.returncode == 0, result.stderr
    assert log.read_text().splitlines() == [
        "update -qq",
        "install -o DPkg::Lock::Timeout=300 -y --no-install-recommends g++ libc6-dev",
    ]
    assert result.stdout.strip() == str(machine.folder / "python3")


def test_root_is_told_when_installing_did_not_help(machine: Machine) -> None:
    machine.script("id", "echo 0")
    machine.script("apt-get", "exit 100")

    result = machine.preflight()

    assert result.returncode != 0
    assert "this machine lacks: compiler" in result.stderr


def test_a_missing_way_to_sound_is_told_and_keeps_nobody(machine: Machine) -> None:
    machine.has("g++")
    machine.script("apt-get", "exit 9")
    machine.python(without="libportaudio")

    result = machine.preflight()

    assert result.returncode == 0
    assert result.stderr.splitlines()[-1].strip() == (
        "sudo apt-get install -y --no-install-recommends libportaudio2 libasound2-plugins"
    )


def test_libraries_that_the_window_needs_are_named(machine: Machine) -> None:
    machine.has("g++")
    machine.script("apt-get", "exit 9")
    machine.python(without="libGL")

    result = machine.preflight()

    assert result.returncode == 1
    assert "this machine lacks: qt" in result.stderr
    assert {"libgl1", "libpulse0", "libxcb-cursor0"} <= set(result.stderr.split())


@pytest.mark.parametrize(
    ("language", "what", "package"),
    [
        ("zh-cn", "chinese", "fonts-noto-cjk"),
        ("und-zsye", "emoji", "fonts-noto-color-emoji"),
    ],
)
def test_a_missing_font_is_a_hint_to_a_person_and_no_refusal(
    language: str, what: str, package: str, machine: Machine
) -> None:
    machine.has("g++")
    machine.script("apt-get", "exit 9")
    machine.python(without=language)

    result = machine.preflight()

    assert result.returncode == 0
    assert result.stdout.strip() == str(machine.folder / "python3")
    first, command = result.stderr.splitlines()
    assert f"no font here draws: {what}." in first
    assert command.strip() == f"sudo apt-get install -y --no-install-recommends {package}"


def test_root_with_apt_gets_missing_fonts_installed(tmp_path: Path, machine: Machine) -> None:
    machine.script("id", "echo 0")
    machine.has("g++")
    log = tmp_path / "log"
    machine.script("apt-get", f'echo "$@" >>"{log}"')
    machine.python(without="FcFontList")

    result = machine.preflight()

    assert result.returncode == 0
    assert log.read_text().splitlines() == [
        "update -qq",
        "install -o DPkg::Lock::Timeout=300 -y --no-install-recommends fonts-noto-cjk "
        "fonts-noto-color-emoji",
    ]


def test_only_linux_is_asked_for_fonts(machine: Machine) -> None:
    machine.has("g++")
    machine.script("uname", "echo Darwin")
    machine.python(without="FcFontList")

    result = machine.preflight()

    assert (result.returncode, result.stderr) == (0, "")


def test_what_a_card_lacks_is_told_and_never_installed(machine: Machine) -> None:
    for tool in ("g++", "tr"):
        machine.has(tool)
    machine.script("id", "echo 0")
    machine.script("pacman", "exit 9")

    result = machine.preflight("cuda")

    assert result.returncode == 1 and result.stdout == ""
    assert "to compile llama.cpp for cuda this machine lacks: driver nvcc." in result.stderr
    assert "pacman -S --needed nvidia cuda" in result.stderr and "developer.nvidia.com" in result.stderr
    assert "Without CUDA=1 the language model runs on the processor." in result.stderr


def test_a_machine_that_can_compile_for_its_card_names_its_python(machine: Machine) -> None:
    machine.has("g++")
    machine.script("nvidia-smi", "exit 0")
    machine.script("nvcc", "exit 0")

    result = machine.preflight("cuda")

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(machine.folder / "python3")
    assert machine.preflight("--nvcc").stdout.strip() == str(machine.folder / "nvcc")


def test_vulkan_needs_a_compiler_of_shaders_and_headers(machine: Machine) -> None:
    for tool in ("tr", "grep"):
        machine.has(tool)
    machine.script("g++", '/bin/grep -q vulkan/vulkan.h "$3" && exit 1; exit 0')
    machine.script("apt-get", "exit 9")

    result = machine.preflight("vulkan")

    assert result.returncode == 1
    assert "this machine lacks: glslc vulkan." in result.stderr
    assert "glslc libvulkan-dev" in result.stderr


def test_metal_elsewhere_than_on_a_mac_is_told(machine: Machine) -> None:
    machine.has("g++")
    machine.script("uname", "echo Linux")

    result = machine.preflight("metal")

    assert result.returncode == 1
    assert "expected macOS, found Linux" in result.stderr
