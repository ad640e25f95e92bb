"""A processor that is too old is refused before anything is loaded, and any other is taken."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.process import processor
from runtime.process.processor import CPUINFO, NEEDED, check_processor

OLD = "processor : 0\nflags : fpu sse sse2 ssse3 sse4_1 sse4_2 popcnt avx\n"


@pytest.fixture
def pc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of the x86 family."""
    monkeypatch.setattr(processor.platform, "machine", lambda: "x86_64")


@pytest.mark.usefixtures("pc")
def test_a_processor_without_avx2_is_refused_by_name(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(OLD)

    with pytest.raises(KnownError, match="without avx2, bmi2, f16c, fma, movbe"):
        check_processor(cpuinfo, installed=True)


@pytest.mark.usefixtures("pc")
def test_a_newer_one_is_taken(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(OLD.rstrip() + " " + " ".join(NEEDED))

    check_processor(cpuinfo, installed=True)


@pytest.mark.usefixtures("pc")
def test_a_system_that_lists_nothing_is_taken(tmp_path: Path) -> None:
    check_processor(tmp_path / "none", installed=True)


def test_from_source_nothing_is_checked(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(OLD)

    check_processor(cpuinfo)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="of another family of processors")
def test_what_the_system_lists_can_be_read() -> None:
    assert any(line.startswith("flags") for line in CPUINFO.read_text().splitlines())
