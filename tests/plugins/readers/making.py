"""Pages with words, as pictures and as PDF files, made without any program for offices."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

PAGE = (
    "The harbour opens at seven.",
    "Boats longer than nine metres pay 14 euros.",
    "Keys are kept by Helena Brandt in room 204.",
)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A real font that comes with Pillow, of so many pixels."""
    return ImageFont.load_default(size)


def chinese_font(size: int) -> ImageFont.FreeTypeFont:
    """A font of the system with Chinese characters."""
    for folder in (Path("/usr/share/fonts"), Path.home() / ".fonts"):
        for path in sorted(folder.rglob("Noto*CJK*.tt*")):
            return ImageFont.truetype(str(path), size)
    pytest.skip("no font with Chinese characters is installed")


def page(
    lines: Sequence[str] = PAGE,
    size: int = 28,
    *,
    face: ImageFont.FreeTypeFont | ImageFont.ImageFont | None = None,
) -> Image.Image:
    """Black words on white, one line below the other."""
    face = face or font(size)
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    width = max(round(measure.textlength(line, font=face)) for line in lines) + 2 * size
    image = Image.new("RGB", (width, (2 * len(lines) + 2) * size), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((size, (2 * number + 1) * size), line, font=face, fill="black")
    return image


def pdf(*pages: Sequence[str] | Image.Image | None) -> bytes:
    """A PDF of pages with lines of text, or with a picture each; None is an empty page."""
    parts: list[bytes] = []

    def add(body: bytes) -> int:
        parts.append(body)
        return len(parts)

    add(b"")  # the catalogue and the tree of pages are written last
    add(b"")
    face = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for content in pages:
        resources, height = f"/Font << /F1 {face} 0 R >>", 842
        if content is None:
            drawing = b""
        elif isinstance(content, Image.Image):
            buffer = io.BytesIO()
            content.save(buffer, "JPEG", quality=92)
            header = (
                f"<< /Type /XObject /Subtype /Image /Width {content.width} /Height "
                f"{content.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode "
            )
            picture = add(_stream(header, buffer.getvalue()))
            resources = f"/XObject << /P {picture} 0 R >>"
            height = 595 * content.height // content.width
            drawing = f"q 595 0 0 {height} 0 0 cm /P Do Q".encode()
        else:
            lines = " ".join(f"({_escaped(line)}) Tj T*" for line in content)
            drawing = f"BT /F1 12 Tf 16 TL 60 760 Td {lines} ET".encode("latin-1")
        stream = add(_stream("<< ", drawing))
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {height}] /Contents {stream} 0 R "
                f"/Resources << {resources} >> >>".encode()
            )
        )
    tree = " ".join(f"{kid} 0 R" for kid in kids)
    parts[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    parts[1] = f"<< /Type /Pages /Kids [{tree}] /Count {len(kids)} >>".encode()
    return _file(parts)


def _stream(header: str, data: bytes) -> bytes:
    return f"{header}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(parts: list[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(parts, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    trailer = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    out.write(trailer.encode())
    return out.getvalue()
