"""Reads printed text in pictures and clips, English and Chinese, line by line."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

from plugins.api import Observation, Reader, Stage
from plugins.readers import ocr
from plugins.readers.media import frames, picture
from plugins.readers.reading_order import Piece

_ENOUGH = 2400
"""Pixels of a picture's shorter side that are decoded: a page at 290 dots an inch."""
_MOMENTS = 6
"""Frames of a clip that are looked at."""
_ALIKE = 0.85
"""The similarity of two lines in different frames above which they count as the same."""


class TextReader(Reader):
    """Text by PP-OCR, through rapidocr."""

    id = "medley.text"
    version = "1"
    modalities = ("image", "video")

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """One observation a line, in reading order, with its box; of a clip each line once, with
        the second at which it was first seen. Empty where there is no text.

        Raises:
            KnownError: the file cannot be decoded, or the models are not there.
            Cancelled: the stage asked to stop.
        """
        folder = self.model or ocr.packaged_models()
        with ocr.leased(stage, folder) as engine:
            if modality == "video":
                return self._of_clip(path, engine, stage)
            found = ocr.lines(engine, picture(path, _ENOUGH), stage, stage.progress)
            return [self._observation(line) for line in found]

    def _of_clip(self, path: Path, engine: object, stage: Stage) -> list[Observation]:
        found: list[Observation] = []
        for seconds, image in frames(path, _MOMENTS, stage):
            for line in ocr.lines(engine, image, stage):
                if not any(_alike(line.text, other.text) for other in found):
                    found.append(self._observation(line, seconds))
        return found

    def _observation(self, line: Piece, seconds: float | None = None) -> Observation:
        return Observation(
            "text",
            line.text,
            confidence=round(line.confidence, 3),
            start_s=seconds,
            box=line.box,
            source=self.id,
        )


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > longest * (1 - _ALIKE):
        return False
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() >= _ALIKE
