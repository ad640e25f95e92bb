"""Whatever a person gives, `medley ask` answers it or says in one line what is wrong.

What the readers, the bundle and the grammar refuse by themselves is tested beside them; here each
goes through the command, with everything that any library writes to the error stream counted.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from desktop.cli.main import main
from runtime.bundle.bundle import Bundle
from runtime.bundle.write import write_manifest
from tests.desktop.cli.printing.test_output import room_for
from tests.desktop.conftest import Ran, Run, error_line
from tests.runtime.making_media import write_clip, write_picture, write_sound
from tests.runtime.media.test_image import png
from tests.spoiling import Tensors, left_over, missing, reshaped

Ask = Callable[..., Ran]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where files would go; it is not there yet."""
    return tmp_path / "out"


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str], out: Path, bundle_folder: Path) -> Ask:
    """`medley ask what is this?`, what C libraries print captured too."""

    def run(*words: str | Path, bundle: Path = bundle_folder) -> Ran:
        capfd.readouterr()
        given = ["ask", "what is this?", "--bundle", bundle, "--out", out, *words]
        code = main([str(word) for word in given])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


def refused(ran: Ran, out: Path) -> str:
    """The one line, after nothing was said and nothing was written."""
    line = error_line(ran)
    assert ran.out == ""
    assert not out.exists()
    return line


def cut(path: Path, share: float = 0.6) -> Path:
    """The file without its end."""
    os.truncate(path, int(path.stat().st_size * share))
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def text(path: Path) -> Path:
    path.write_text("only words " * 100)
    return path


def bomb(path: Path) -> Path:
    """A few bytes that claim to be 20,000 x 20,000 pixels."""
    path.write_bytes(png(20_000, 20_000, zlib.compress(bytes(1000))))
    return path


BAD_MEDIA: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "no sound": ("audio", lambda f: f / "none.wav", "no such file"),
    "no clip": ("video", lambda f: f / "none.mp4", "no such file"),
    "folder as a sound": ("audio", lambda f: f, "found a folder"),
    "folder as a clip": ("video", lambda f: f, "found a folder"),
    "empty sound": ("audio", lambda f: empty(f / "a.wav"), "found an empty file"),
    "empty clip": ("video", lambda f: empty(f / "a.mp4"), "found an empty file"),
    "text as a sound": ("audio", lambda f: text(f / "a.wav"), "not known here"),
    "text as a clip": ("video", lambda f: text(f / "a.mp4"), "not known here"),
    "sound as a clip": ("video", lambda f: write_sound(f / "a.wav"), "found a sound"),
    "half a picture": ("image", lambda f: cut(write_picture(f / "a.png")), "cut short"),
    "half a sound": ("audio", lambda f: cut(write_sound(f / "a.wav")), "cut short"),
    "half a clip": ("video", lambda f: cut(write_clip(f / "a.mp4")), "cut short"),
    "0 seconds": ("audio", lambda f: write_sound(f / "a.wav", 0), "a sound of 0 seconds"),
    "silent clip as a sound": ("audio", lambda f: write_clip(f / "a.mp4"), "without sound"),
    "picture bomb": ("image", lambda f: bomb(f / "a.png"), "At most 64 million pixels"),
}


@pytest.mark.parametrize("case", BAD_MEDIA)
def test_a_bad_medium_is_one_line_that_names_it(
    case: str, ask: Ask, tmp_path: Path, out: Path
) -> None:
    modality, make, says = BAD_MEDIA[case]
    path = make(tmp_path)

    line = refused(ask(f"--{modality}", path), out)

    assert says in line
    assert path.name in line


ODD_MEDIA: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "stereo at 96 kHz": (
        "audio",
        lambda f: write_sound(f / "a.wav", 0.5, 96_000, channels=2, subtype="PCM_24"),
    ),
    "one pixel": ("image", lambda f: write_picture(f / "a.png", (1, 1))),
    "20,000 pixels wide": ("image", lambda f: write_picture(f / "a.png", (20_000, 20))),
    "two hours": (
        "video",
        lambda f: write_clip(f / "a.mp4", 720, Fraction(1, 10), (16, 16), gop=30),
    ),
    "a name that is no text": ("image", lambda f: write_picture(f / os.fsdecode(b"f\xff.png"))),
}


@pytest.mark.parametrize("case", ODD_MEDIA)
def test_an_odd_medium_is_answered(case: str, ask: Ask, tmp_path: Path) -> None:
    modality, make = ODD_MEDIA[case]

    ran = ask(f"--{modality}", make(tmp_path), "--only", "text")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()


@pytest.fixture
def spoilt(tiny_bundle: Bundle, tmp_path: Path) -> Path:
    """A copy of the bundle that may be changed."""
    folder = tmp_path / "spoilt"
    shutil.copytree(tiny_bundle.folder, folder)
    return folder


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("encoder.safetensors", missing, ["--image", "PICTURE"]),
        ("encoder.safetensors", left_over, ["--image", "PICTURE"]),
        ("input_projection.safetensors", reshaped, ["--image", "PICTURE"]),
        ("output_audio.safetensors", left_over, ["--only", "audio"]),
        ("decoders/image/unet/diffusion_pytorch_model.safetensors", missing, ["--only", "image"]),
    ],
)
def test_weights_that_do_not_fit_are_one_line_that_names_the_tensor(
    file: str,
    change: Callable[[Tensors], str],
    words: list[str],
    ask: Ask,
    out: Path,
    spoilt: Path,
    tiny_bundle: Bundle,
    tmp_path: Path,
) -> None:
    tensors = load_file(spoilt / file)
    name = change(tensors)
    save_file(tensors, spoilt / file, metadata={"format": "pt"})
    write_manifest(spoilt, tiny_bundle.manifest)
    picture = str(write_picture(tmp_path / "a.png"))

    line = refused(ask(*(picture if w == "PICTURE" else w for w in words), bundle=spoilt), out)

    assert name in line


def flip(folder: Path) -> None:
    path = folder / "encoder.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def newer(folder: Path) -> None:
    path = folder / "bundle.toml"
    path.write_text(path.read_text("utf-8").replace("format = 1", "format = 7", 1), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (flip, "encoder.safetensors has SHA-256"),
        (newer, "expected bundle format 1, found 7"),
        (lambda folder: (folder / "llm.gguf").unlink(), "llm.gguf is listed but missing"),
        (lambda folder: (folder / "bundle.toml").unlink(), "no bundle"),
    ],
)
def test_a_spoilt_bundle_is_one_line(
    spoil: Callable[[Path], None], says: str, ask: Ask, out: Path, spoilt: Path
) -> None:
    spoil(spoilt)

    assert says in refused(ask(bundle=spoilt), out)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b"blk.0.ffn_up", b"blk.0.ffn_ux"),
    ],
    ids=["random bytes", "a tensor under another name"],
)
def test_a_language_model_that_is_none_is_one_line(
    old: bytes, new: bytes, ask: Ask, out: Path, spoilt: Path, tiny_bundle: Bundle
) -> None:
    path = spoilt / "llm.gguf"
    data = path.read_bytes()
    path.write_bytes(data.replace(old, new) if old else os.urandom(len(data)))
    write_manifest(spoilt, tiny_bundle.manifest)

    assert "llm.gguf" in refused(ask(bundle=spoilt), out)


def test_a_disk_that_fills_up_while_answering_keeps_nothing_half_written(
    ask: Ask, out: Path
) -> None:
    with room_for(5000):
        ran = ask("--only", "audio")

    assert "no room left" in error_line(ran)
    assert list(out.iterdir()) == []


def test_a_folder_that_takes_no_files_is_one_line(ask: Ask, read_only_folder: Path) -> None:
    line = error_line(ask("--out", read_only_folder / "new"))

    assert "cannot write there" in line
    assert str(read_only_folder) in line


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("--image", "x" * 5000),
        ("--bundle", "x" * 5000),
        ("--out", "x" * 5000),
        ("--image", "~nobody-of-this-name/x"),
        ("--bundle", "~nobody-of-this-name/x"),
    ],
)
def test_a_name_that_cannot_be_is_one_line(option: str, name: str, ask: Ask, out: Path) -> None:
    ran = ask(option, name)

    assert error_line(ran)
    assert ran.out == ""
    assert not out.exists()


ENDLESS = b"""{"renderer": "medley.image", "renderer_version": "1", "modality": "image",
"bundle": "tiny", "condition": {"caption": "a boat"}, "parameters": {}, "seed": 1e999}"""


@pytest.mark.parametrize("recipe", [b"", b"[]", b"[" * 100_000, bytes(range(256)) * 9, ENDLESS])
def test_a_recipe_that_is_none_is_one_short_line(
    recipe: bytes, medley: Run, tmp_path: Path
) -> None:
    path = tmp_path / "recipe.json"
    path.write_bytes(recipe)

    assert len(error_line(medley("render", path))) < 300
