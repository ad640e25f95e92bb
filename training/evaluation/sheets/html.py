"""A contact sheet as one HTML page: pictures to look at, sounds and clips to play, all inside it.

Knows no models and no network: the page loads nothing from anywhere.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np
import soundfile
from PIL import Image

from training.evaluation.judging import Judgement
from training.evaluation.sheets.entries import Entry, Medium

SIDE = 160
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
article { border-top: 1px solid #8884; padding: .8rem 0 }
article.later { border-top: 0; padding: 0 0 .8rem 1.5rem }
h2 { font-size: .85rem; font-weight: 400; opacity: .7; margin: 0 }
p { margin: .2rem 0 } .asked { font-weight: 600 }
figure { display: inline-block; margin: .4rem .6rem 0 0; vertical-align: top }
figcaption { font-size: .75rem; opacity: .7 }
img, video { width: 160px; height: 160px; object-fit: contain; border-radius: 6px; display: block }
audio { width: 160px; height: 32px; display: block }
.given img, .given video { outline: 2px solid #36c }
.right { color: #17803d } .wrong { color: #c02626 } li { display: inline; margin-right: .9em }
ul { list-style: none; margin: .2rem 0; padding: 0; font-size: .85rem }
"""


def page(entries: Sequence[Entry], title: str, note: str) -> str:
    """The whole page."""
    articles = "\n".join(_article(entry) for entry in entries)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1><p>{escape(note)}</p>\n{articles}\n</body></html>\n"
    )


def _article(entry: Entry) -> str:
    heading = "" if entry.later or not entry.heading else f"<h2>{escape(entry.heading)}</h2>"
    media = "".join(_figure(m, "given") for m in entry.given)
    media += "".join(_figure(m, "made") for m in entry.made)
    return (
        f'<article class="{"later" if entry.later else "first"}" lang="{entry.language}">{heading}'
        f'<p class="asked">{escape(entry.asked)}</p><p>{escape(entry.said)}</p>'
        f"{_judgements(entry)}{media}</article>"
    )


def _judgements(entry: Entry) -> str:
    if entry.routed is None:
        return ""
    routing = "" if entry.routed else '<li class="wrong">✗ other media than asked for</li>'
    return f'<ul lang="en">{routing}{"".join(map(_judgement, entry.judgements))}</ul>'


def _judgement(judgement: Judgement) -> str:
    if judgement.right:
        return f'<li class="right">✓ {escape(judgement.name)} {escape(judgement.wanted)}</li>'
    found = escape(judgement.found or "missing")
    return (
        f'<li class="wrong">✗ {escape(judgement.name)} {escape(judgement.wanted)} (is {found})</li>'
    )


def _figure(medium: Medium, kind: str) -> str:
    inside = {"image": _picture, "audio": _sound, "video": _clip}.get(medium.modality)
    if inside is None:
        return ""
    return f'<figure class="{kind}">{inside(medium)}<figcaption>{kind}</figcaption></figure>'


def _picture(medium: Medium) -> str:
    return _image(medium.pictures[0])


def _image(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=85)
    return f'<img alt="" src="{_inline(out.getvalue(), "image/jpeg")}">'


def _sound(medium: Medium) -> str:
    """The spectrogram and the sound as MP3."""
    samples, rate = soundfile.read(io.BytesIO(medium.data), dtype="float32")
    out = io.BytesIO()
    soundfile.write(out, np.clip(samples, -1, 1), rate, format="MP3")
    source = _inline(out.getvalue(), "audio/mpeg")
    return f'{_image(medium.pictures[0])}<audio controls src="{source}"></audio>'


def _clip(medium: Medium) -> str:
    return f'<video controls loop muted src="{_inline(medium.data, "video/mp4")}"></video>'


def _inline(data: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"
