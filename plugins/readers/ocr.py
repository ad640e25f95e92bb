"""Optical character recognition of printed text: detects, rotates and recognizes it. Imports
rapidocr on use.

The models come inside rapidocr's package (PP-OCR: English and Chinese). A page that was laid on its
side or upside down is turned first; the boxes are always those of the picture as it was given.

Legend: H, W height and width in pixels.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from plugins.api import Stage
from plugins.errors import KnownError
from plugins.readers.media import check, cores
from plugins.readers.reading_order import Piece, in_order

LEAST = 0.6
"""Confidence below which a piece is not worth saying."""
_SHORT, _LEAST_OF_SHORT = 2, 0.92
"""Up to so many letters or digits it takes more confidence."""
_FINDER, _READER, _TURNER = (
    "PP-OCRv6_det_small.onnx",
    "PP-OCRv6_rec_small.onnx",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
)
_BYTES = 400_000_000
_LONGEST = 1600
"""Pixels of the longer side in which text is looked for; it is recognised at full size."""
_SMALL = 1000
"""Pixels of the longer side to which a smaller picture is enlarged."""
_SURE = 0.85
"""Mean confidence of a page that stands upright."""
_SAMPLE = 5
"""Pieces by which it is decided how a page lies."""
_TALL = 1.5

Tell = Callable[[int, int], None]
"""Hears how many of how many pieces are read."""
Pixels = NDArray[np.uint8]
"""[H, W, 3], blue first, as OpenCV has it."""
Corners = NDArray[np.float32]
"""[4, 2] x and y in pixels, clockwise from the upper left."""


def packaged_models() -> Path:
    """The folder of the models that come with rapidocr, without importing it.

    Raises:
        KnownError: rapidocr is not installed.
    """
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise KnownError(
            "text in pictures: expected the package rapidocr, found none; install Medley again."
        )
    return Path(spec.origin).parent / "models"


def leased(stage: Stage, folder: Path) -> AbstractContextManager[Any]:
    """The engine with the models of a folder, kept between readings."""
    return stage.lease(f"reader:{folder}", lambda: _load(folder), _BYTES)


def lines(engine: Any, image: Image.Image, stage: Stage, tell: Tell | None = None) -> list[Piece]:
    """The lines of text in an RGB picture in reading order; boxes are shares of width and height.

    Args:
        engine: what `leased` gives.
        image: of any size.
        stage: asked whether to stop; `tell`, if given, hears of the progress.

    Raises:
        Cancelled: the stage asked to stop.
    """
    pixels: Pixels = np.ascontiguousarray(np.asarray(_enlarged(image))[..., ::-1])
    quads = _found(engine, pixels)
    check(stage)
    known: dict[int, tuple[str, float]] = {}
    turns = _turns(engine, pixels, quads, stage, known)
    if turns:
        known = {}
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
        quads = _found(engine, pixels)
    pieces = []
    for number, corners in enumerate(quads):
        check(stage)
        if tell is not None:
            tell(number, len(quads))
        text, confidence = known.get(number) or _recognised(engine, _crop(pixels, corners))
        if confidence >= _least(text):
            pieces.append(Piece(text, confidence, _around(corners)))
    height, width = pixels.shape[:2]
    return [
        Piece(line.text, line.confidence, _turned_back(_shares(line.box, width, height), turns))
        for line in in_order(pieces)
    ]


def _enlarged(image: Image.Image) -> Image.Image:
    """A small picture at up to twice its size, so that small print can be found."""
    scale = min(2.0, _SMALL / max(image.size))
    if scale <= 1.0:
        return image
    size = (math.ceil(image.width * scale), math.ceil(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC)


def _load(folder: Path) -> Any:
    missing = [n for n in (_FINDER, _READER, _TURNER) if not (folder / n).is_file()]
    if missing:
        raise KnownError(
            "text in pictures: expected {missing} in {folder}, found none; install Medley again.",
            missing=", ".join(missing),
            folder=folder,
        )
    from rapidocr import RapidOCR

    options = "EngineConfig.onnxruntime"
    return RapidOCR(
        params={
            # With the files named, nothing is ever fetched.
            "Det.model_path": str(folder / _FINDER),
            "Rec.model_path": str(folder / _READER),
            "Cls.model_path": str(folder / _TURNER),
            "Global.log_level": "critical",
            "Global.max_side_len": _LONGEST,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST,
            f"{options}.intra_op_num_threads": cores(),
            f"{options}.inter_op_num_threads": 1,
        }
    )


def _found(engine: Any, pixels: Pixels) -> list[Corners]:
    """The boxes in which there is text."""
    boxes = engine(pixels, use_det=True, use_cls=False, use_rec=False).boxes
    return [] if boxes is None else [np.asarray(box, np.float32) for box in boxes]


def _recognised(engine: Any, crop: Pixels) -> tuple[str, float]:
    """The text of one piece that lies flat, and the confidence in it.

    The package's own detector of upside-down lines is not used: it turns good ones.
    """
    result = engine(crop, use_det=False, use_cls=False, use_rec=True)
    if not result.txts:
        return "", 0.0
    return result.txts[0].strip(), float(result.scores[0])


def _least(text: str) -> float:
    """The confidence from which a text is worth saying: textures look like single characters."""
    letters = sum(c.isalnum() for c in text)
    return LEAST if letters > _SHORT else _LEAST_OF_SHORT if letters else math.inf


def _turns(
    engine: Any,
    pixels: Pixels,
    quads: Sequence[Corners],
    stage: Stage,
    known: dict[int, tuple[str, float]],
) -> int:
    """By how many quarters, against the clock, the picture is to be turned to stand upright; puts
    what was recognised on the way, as the picture lies, into `known` by the number of its quad."""
    sample = sorted(range(len(quads)), key=lambda number: -_length(quads[number]))[:_SAMPLE]
    if not sample:
        return 0
    crops = [_crop(pixels, quads[number]) for number in sample]
    tall = sum(_is_tall(quads[number]) for number in sample) > len(sample) / 2
    # A tall piece has been turned by a quarter when it was cut out.
    candidates = (1, 3) if tall else (0, 2)
    scores: dict[int, float] = {}
    for turns, half in zip(candidates, (0, 2), strict=True):
        texts = []
        for number, crop in zip(sample, crops, strict=True):
            check(stage)
            texts.append(_recognised(engine, np.ascontiguousarray(np.rot90(crop, half))))
            if not half:
                known[number] = texts[-1]
        scores[turns] = float(np.mean([confidence for _, confidence in texts]))
        if scores[turns] >= _SURE:
            return turns
    best = max(scores, key=lambda key: scores[key])
    # What nobody can read lies as it lies.
    return best if scores[best] >= LEAST else 0


def _crop(pixels: Pixels, corners: Corners) -> Pixels:
    """The piece, set flat; a tall one is turned by a quarter against the clock."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    crop: Pixels = get_rotate_crop_image(pixels, corners)
    return crop


def _length(corners: Corners) -> float:
    return float(max(np.ptp(corners[:, 0]), np.ptp(corners[:, 1])))


def _is_tall(corners: Corners) -> bool:
    return float(np.ptp(corners[:, 1])) > _TALL * float(np.ptp(corners[:, 0]))


def _around(corners: Corners) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _shares(
    box: tuple[float, float, float, float], width: int, height: int
) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return left / width, top / height, right / width, bottom / height


def _turned_back(
    box: tuple[float, float, float, float], turns: int
) -> tuple[float, float, float, float]:
    """Shares of a picture that was turned by quarters, as shares of the picture before."""
    left, top, right, bottom = box
    for _ in range(turns % 4):
        left, top, right, bottom = 1.0 - bottom, left, 1.0 - top, right
    return round(left, 4), round(top, 4), round(right, 4), round(bottom, 4)
