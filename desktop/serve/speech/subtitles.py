"""Stretches of speech as one text and as subtitles. Knows no process."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.serve.speech.protocol import Segment

_SPACELESS = ("zh", "ja", "yue")
"""Languages whose sentences are not parted by spaces."""


def whole_text(segments: Sequence[Segment]) -> str:
    """All that is said, one after the other."""
    spaceless = bool(segments) and segments[0].language in _SPACELESS
    return ("" if spaceless else " ").join(one.text for one in segments)


def srt(segments: Sequence[Segment]) -> str:
    """SubRip."""
    return "\n".join(
        f"{number}\n{_time(one.start_s, ',')} --> {_time(one.end_s, ',')}\n{one.text}\n"
        for number, one in enumerate(segments, 1)
    )


def vtt(segments: Sequence[Segment]) -> str:
    """WebVTT."""
    cues = [
        f"{_time(one.start_s, '.')} --> {_time(one.end_s, '.')}\n{one.text}\n" for one in segments
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _time(seconds: float, point: str) -> str:
    total = round(seconds * 1000)
    minutes, milliseconds = divmod(total, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}{point}{milliseconds:03}"
