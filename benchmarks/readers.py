"""The speed of the built-in readers, and the share of what is there that they find.

    python -m benchmarks.readers [--only documents text labels speech] [--pages N]
                                 [--photos FOLDER] [--speech FOLDER]

Documents and pages to look at are made here, from the text of the licence. Speech and labels need
the models of `medley models get starter`. `--photos` names the pictures of a folder; where a file's
name holds a word of the label it counts as right. `--speech` is a folder of WAV or FLAC files, each
with the words that are said in a .txt file of the same name. Times are of the processor, in
seconds, all threads together; set OMP_NUM_THREADS to choose how many.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from plugins.api import Observation, Reader
from plugins.errors import KnownError
from plugins.manifest import discover, load_reader
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.catalogue import store
from runtime.media import detect_modality

LICENCE = Path(__file__).resolve().parents[1] / "LICENSE"
A4 = (8.27, 11.69)
"""Inches."""
KINDS = ("documents", "text", "labels", "speech")
_NUMBERS = {
    str(number): word
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_MEMORY = UnlimitedMemory()


def main(argv: Sequence[str] | None = None) -> None:
    """Print one line for each thing that was read."""
    parser = argparse.ArgumentParser(prog="benchmarks.readers")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--speech", type=Path)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        if "documents" in args.only:
            documents(Path(folder), args.pages)
        if "text" in args.only:
            text(Path(folder))
    if "labels" in args.only and args.photos:
        labels(args.photos)
    if "speech" in args.only and args.speech:
        speech(args.speech)


def documents(folder: Path, pages: int) -> None:
    """Seconds a page of PDF and Word files, a megabyte of the others, a page that was scanned."""
    words = LICENCE.read_text("utf-8").split()
    page = " ".join(words[:450])
    for path in (_pdf(folder / "a.pdf", page, pages), _docx(folder / "a.docx", page, pages)):
        seconds, found = _read("medley.documents", path, "document")
        print(f"{path.suffix[1:]}: {seconds / pages:.4f} s a page, {len(found)} passages")
    for suffix in ("txt", "md", "html", "csv"):
        path = folder / f"a.{suffix}"
        path.write_text((page + "\n\n") * 400, "utf-8")
        seconds, found = _read("medley.documents", path, "document")
        size = path.stat().st_size / 1e6
        print(f"{suffix}: {seconds / size:.3f} s a megabyte, {len(found)} passages")
    image, lines = _page(150, page)
    image.save(folder / "scan.pdf", resolution=150)
    _report("scanned pdf", *_read("medley.documents", folder / "scan.pdf", "document"), lines)


def text(folder: Path) -> None:
    """A full page in a picture, at several resolutions and lying in several ways."""
    words = " ".join(LICENCE.read_text("utf-8").split()[:450])
    for dots in (72, 100, 150, 200, 300):
        image, lines = _page(dots, words)
        for turn in (0, 180) if dots == 100 else (0,):
            image.rotate(turn).save(folder / "page.png")
            _report(
                f"page at {dots} dots an inch, turned by {turn}",
                *_read("medley.text", folder / "page.png", "image"),
                lines,
            )


def labels(folder: Path) -> None:
    """Print the label of every picture in a folder, and how often it agrees with the file's
    name."""
    times, said, right = [], 0, 0
    paths = sorted(path for path in folder.iterdir() if _is_picture(path))
    for path in paths:
        try:
            seconds, found = _read("medley.labels", path, "image")
        except KnownError as error:
            print(f"{path.name}: {error}")
            continue
        times.append(seconds)
        names = ", ".join(f"{one.text} {one.confidence:.0%}" for one in found)
        print(f"{path.name}: {names or '-'}")
        if found:
            said += 1
            name = set(re.findall(r"[a-z]+", path.stem.lower()))
            right += bool(name & set(re.findall(r"[a-z]+", found[0].text.lower())))
    if times:
        print(
            f"labels: {statistics.median(times):.3f} s a picture; {said} of {len(paths)} named, "
            f"{right} of these after a word of the file's name"
        )


def speech(folder: Path) -> None:
    """Seconds a minute of speech, and the share of words that are wrong."""
    wrong = words = 0
    seconds = minutes = 0.0
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".wav", ".flac")):
        spent, found = _read("medley.speech", path, "audio")
        said = _words(path.with_suffix(".txt").read_text("utf-8"))
        heard = _words(" ".join(one.text for one in found))
        errors = distance(said, heard)
        wrong, words, seconds = wrong + errors, words + len(said), seconds + spent
        minutes += _minutes(path)
        print(f"{path.name}: {spent:.1f} s, {errors} of {len(said)} wrong: {' '.join(heard)}")
    if words:
        print(f"speech: {seconds / minutes:.1f} s a minute, {wrong / words:.1%} of {words} wrong")


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of items to change, add or remove (Levenshtein distance)."""
    row = list(range(len(other) + 1))
    for number, item in enumerate(one, 1):
        before, row[0] = row[0], number
        for at, against in enumerate(other, 1):
            before, row[at] = row[at], min(before + (item != against), row[at] + 1, row[at - 1] + 1)
    return row[-1]


def _report(name: str, seconds: float, found: list[Observation], lines: list[str]) -> None:
    expected = "".join("".join(lines).split())
    got = "".join("".join(one.text for one in found).split())
    wrong = distance(expected, got) / len(expected)
    print(f"{name}: {seconds:.2f} s, {len(lines)} lines, {wrong:.2%} of the characters wrong")


def _read(reader_id: str, path: Path, modality: str) -> tuple[float, list[Observation]]:
    """Seconds of the processor, the loading of the model left out, and what was found."""
    reader = _reader(reader_id)
    begin = time.process_time()
    found = reader.read(path, modality, RenderStage(0, memory=_MEMORY))
    return time.process_time() - begin, found


_READERS: dict[str, Reader] = {}


def _reader(reader_id: str) -> Reader:
    if reader_id not in _READERS:
        (manifest,) = (one for one in discover().readers if one.id == reader_id)
        model = store.find(manifest.model) if manifest.model else None
        reader = load_reader(manifest)(model.folder if model else None)
        _READERS[reader_id] = reader
        with tempfile.TemporaryDirectory() as folder:
            _warm_up(reader, Path(folder))
    return _READERS[reader_id]


def _warm_up(reader: Reader, folder: Path) -> None:
    stage = RenderStage(0, memory=_MEMORY)
    if reader.id == "medley.speech":
        import numpy as np
        import soundfile

        soundfile.write(folder / "a.wav", np.zeros(16_000, np.float32), 16_000)
        reader.read(folder / "a.wav", "audio", stage)
    elif reader.id != "medley.documents":
        _page(72, "One line of words.")[0].save(folder / "a.png")
        reader.read(folder / "a.png", "image", stage)


def _page(dots: int, words: str, points: int = 11) -> tuple[Image.Image, list[str]]:
    """A page of print and its lines."""
    face = ImageFont.load_default(points * dots / 72)
    image = Image.new("RGB", (round(A4[0] * dots), round(A4[1] * dots)), "white")
    draw = ImageDraw.Draw(image)
    room, edge = 6.7 * dots, round(0.8 * dots)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=face) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    step = round(1.4 * points * dots / 72)
    lines = lines[: (image.height - 2 * edge) // step]
    for number, line in enumerate(lines):
        draw.text((edge, edge + number * step), line, font=face, fill="black")
    return image, lines


def _pdf(path: Path, words: str, pages: int) -> Path:
    import ctypes

    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    lines = re.findall(r".{1,90}(?:\s|$)", words)
    for _ in range(pages):
        page = document.new_page(595, 842)
        for number, line in enumerate(lines):
            item = pdfium.raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 11.0)
            encoded = ctypes.create_string_buffer((line + "\0").encode("utf-16-le"))
            text = ctypes.cast(encoded, pdfium.raw.FPDF_WIDESTRING)
            pdfium.raw.FPDFText_SetText(item, text)
            pdfium.raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 50, 780 - 15 * number)
            pdfium.raw.FPDFPage_InsertObject(page, item)
        page.gen_content()
    document.save(path)
    return path


def _docx(path: Path, words: str, pages: int) -> Path:
    import docx

    document = docx.Document()
    for number in range(pages):
        document.add_heading(f"Page {number + 1}", 1)
        for part in re.findall(r".{1,400}(?:\s|$)", words):
            document.add_paragraph(part)
    document.save(str(path))
    return path


def _is_picture(path: Path) -> bool:
    try:
        return detect_modality(path) == "image"
    except KnownError:
        return False


def _words(said: str) -> list[str]:
    words = re.findall(r"[\w']+", said.lower().replace("mr.", "mister").replace("-", " "))
    return [_NUMBERS.get(word, word) for word in words]


def _minutes(path: Path) -> float:
    import soundfile

    return float(soundfile.info(path).duration) / 60


if __name__ == "__main__":
    main()
