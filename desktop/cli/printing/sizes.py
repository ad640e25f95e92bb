"""Sizes and times for a person."""

from __future__ import annotations


def size_text(count: float) -> str:
    """Bytes, for example `1.12 GB`."""
    if count >= 1e9:
        return f"{count / 1e9:.2f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def time_text(seconds: float) -> str:
    """Seconds, for example `2 min 05 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02} s" if whole < 3600 else f"{whole / 3600:.1f} h"
