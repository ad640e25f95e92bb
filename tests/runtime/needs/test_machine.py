"""The memory that this machine could still give."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.needs import machine


def test_what_a_container_allows_counts_where_it_is_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_GROUPS", tmp_path)
    whole = machine.available_bytes()
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("5000000\n")
    (tmp_path / "memory.stat").write_text("anon 1\nactive_file 1000000\ninactive_file 2000000\n")
    assert abs(machine.available_bytes() - whole) < whole / 2
    (tmp_path / "memory.max").write_text("9000000\n")
    assert machine.available_bytes() == 9_000_000 - 5_000_000 + 3_000_000
    (tmp_path / "memory.current").write_text("99000000\n")
    assert machine.available_bytes() == 0
