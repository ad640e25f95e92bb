"""Text in pictures and clips: exact for clean print, whichever way the page lies."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from plugins.errors import Cancelled, KnownError
from plugins.readers.text import TextReader
from plugins.stage import RenderStage
from tests.plugins.readers.making import PAGE, chinese_font, page


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_read_whichever_way_it_lies(
    tmp_path: Path, stage: RenderStage, turns: int
) -> None:
    Image.fromarray(np.rot90(np.asarray(page()), turns)).save(tmp_path / "a.png")

    found = TextReader(None).read(tmp_path / "a.png", "image", stage)

    assert [one.text for one in found] == list(PAGE)
    assert all(one.kind == "text" and one.source == "medley.text" for one in found)
    assert min(one.confidence or 0 for one in found) > 0.9
    # The first line's box is where the first line is on the picture as it was given.
    left, top, right, bottom = found[0].box or (0, 0, 0, 0)
    middle = ((left + right) / 2, (top + bottom) / 2)
    assert [middle[1] < 0.4, middle[0] < 0.4, middle[1] > 0.6, middle[0] > 0.6][turns]
    assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1


def test_chinese_and_small_tilted_print_are_read(tmp_path: Path, stage: RenderStage) -> None:
    lines = ["离线助手不需要网络", "今天天气很好。"]
    page(lines, face=chinese_font(30)).save(tmp_path / "chinese.png")
    found = TextReader(None).read(tmp_path / "chinese.png", "image", stage)
    assert [one.text for one in found] == lines

    small = page(size=13).rotate(
        3, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    small.save(tmp_path / "small.png")
    found = TextReader(None).read(tmp_path / "small.png", "image", stage)
    assert [one.text for one in found] == list(PAGE)


def test_a_clip_says_each_line_once_with_its_second(tmp_path: Path, stage: RenderStage) -> None:
    first, second = page(["Doors open at seven"], 24), page(["Keys are in room 204"], 24)
    size = (first.width // 2 * 2, first.height // 2 * 2)
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=4, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(16):
            image = first if number < 8 else second.resize(first.size)
            frame = av.VideoFrame.from_image(image.crop((0, 0, *size)))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    found = TextReader(None).read(tmp_path / "a.mp4", "video", stage)

    assert [one.text for one in found] == ["Doors open at seven", "Keys are in room 204"]
    assert found[0].start_s is not None and found[0].start_s < 2
    assert found[1].start_s is not None and found[1].start_s >= 2


def test_a_picture_without_text_says_nothing(tmp_path: Path, stage: RenderStage) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    for name, image in {
        "noise": Image.fromarray(noise).resize((600, 400)),
        "plain": Image.new("RGB", (300, 200), "teal"),
        "point": Image.new("RGB", (1, 1)),
    }.items():
        image.save(tmp_path / f"{name}.png")
        assert TextReader(None).read(tmp_path / f"{name}.png", "image", stage) == []


def test_a_broken_picture_and_absent_models_are_one_line(
    tmp_path: Path, stage: RenderStage
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n rubbish")
    with pytest.raises(KnownError, match=r"picture a\.png: expected a readable picture"):
        TextReader(None).read(tmp_path / "a.png", "image", stage)
    with pytest.raises(KnownError, match=r"expected PP-OCRv6_det_small\.onnx.* install Medley"):
        TextReader(tmp_path).read(tmp_path / "a.png", "image", stage)


def test_reading_stops_when_asked(tmp_path: Path, stage: RenderStage) -> None:
    page().save(tmp_path / "a.png")
    TextReader(None).read(tmp_path / "a.png", "image", stage)
    stop = threading.Event()
    stopping = RenderStage(0, cancel=stop, on_progress=lambda step, of, picture: stop.set())
    with pytest.raises(Cancelled):
        TextReader(None).read(tmp_path / "a.png", "image", stopping)
