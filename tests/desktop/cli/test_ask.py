"""`medley ask` and `medley render` on a bundle of random weights: every part real, sense none."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.desktop.cli.printing.test_output import room_for
from tests.desktop.conftest import Run, error_line


@pytest.fixture
def picture(media: dict[str, Path]) -> Path:
    """A picture to show."""
    return media["image"]


@pytest.fixture
def sound(media: dict[str, Path]) -> Path:
    """A sound to let it hear."""
    return media["audio"]


def ask(medley: Run, bundle: Path, out: Path, *words: str | Path) -> dict[str, Any]:
    ran = medley("ask", "draw a boat", "--bundle", bundle, "--out", out, "--json", *words)
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def test_json_is_one_object_of_the_documented_shape(
    medley: Run, bundle_folder: Path, tmp_path: Path, picture: Path, sound: Path
) -> None:
    words = ["--image", picture, "--audio", sound, "--only", "image,video", "--seed", "3"]

    found = ask(medley, bundle_folder, tmp_path / "out", *words)

    assert found.keys() == {
        "text", "thinking", "observations", "artifacts", "usage", "timings_s", "tokens_per_second",
        "bundle", "seed", "finish", "dropped_messages",
    }  # fmt: skip
    usage, timings = found["usage"], found["timings_s"]
    assert usage.keys() == {
        "prompt_tokens", "reused_tokens", "new_tokens", "context_tokens", "n_ctx",
    }  # fmt: skip
    assert usage["context_tokens"] == usage["prompt_tokens"] + usage["new_tokens"] < usage["n_ctx"]
    assert timings.keys() == {"load", "encode", "first_token", "text", "decode", "render"}
    assert found["tokens_per_second"] == usage["new_tokens"] / timings["decode"]
    assert len(found["timings_s"]["render"]) == len(found["artifacts"]) > 0
    for artifact in found["artifacts"]:
        measures = {"width", "height"} | ({"duration_s"} & artifact.keys())
        assert artifact.keys() - measures == {
            "modality", "mime", "path", "seed", "renderer", "recipe",
        }  # fmt: skip
        assert artifact["modality"] in {"image", "video"}
        assert artifact["recipe"]["seed"] == artifact["seed"]
        assert Path(artifact["path"]).is_relative_to(tmp_path / "out")
        assert Path(artifact["path"]).stat().st_size > 0


def test_the_same_seed_makes_the_same_bytes_and_a_recipe_makes_them_again(
    medley: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    first, second = (
        ask(medley, bundle_folder, tmp_path / name, "--seed", "5", "--only", "image")
        for name in ("a", "b")
    )
    file = Path(first["artifacts"][0]["path"])
    again = medley("render", file, "--bundle", bundle_folder, "--out", tmp_path / "c", "--json")

    assert again.code == 0, again.err
    made = Path(json.loads(again.out)["path"])
    assert file.read_bytes() == Path(second["artifacts"][0]["path"]).read_bytes()
    assert file.read_bytes() == made.read_bytes()
    with Image.open(made) as image:
        assert image.format == "PNG"


def test_a_recipe_may_come_as_json(medley: Run, bundle_folder: Path, tmp_path: Path) -> None:
    found = ask(medley, bundle_folder, tmp_path, "--seed", "1", "--only", "audio")
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(found["artifacts"][0]["recipe"]))

    ran = medley("render", recipe, "--bundle", bundle_folder, "--out", tmp_path)

    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"sound: {tmp_path}/recipe-1.wav")


def test_without_json_the_files_are_named_on_screen(
    medley: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    ran = medley(
        "ask", "draw a boat", "--bundle", bundle_folder, "--out", tmp_path, "--only", "video"
    )

    assert ran.code == 0, ran.err
    assert f"clip: {tmp_path}/draw-a-boat-1.mp4" in ran.out


def test_more_steps_than_a_renderer_takes_is_an_answer_that_says_why(
    medley: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    words = ["--bundle", bundle_folder, "--out", tmp_path, "--only", "image", "--steps", "9999"]

    ran = medley("ask", "draw a boat", *words)

    assert ran.code == 2
    assert "steps" in ran.err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--only", "smell"], "cannot answer in 'smell'; it can in text, image, audio, video"),
        (["--image", "nowhere.png"], "no such file"),
        (["--image", "SOUND"], "expected a readable picture, found a sound"),
        (["--audio", "PICTURE"], "expected a readable sound, found a picture"),
        (["--video", "PICTURE"], "expected a readable clip, found a picture"),
        (["--image", "EMPTY"], "found an empty file"),
        (["--image", "TEXT"], "not known here"),
        (["--image", "FOLDER"], "found a folder"),
        (["--out", "EMPTY"], "is a file"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str],
    says: str,
    medley: Run,
    bundle_folder: Path,
    tmp_path: Path,
    picture: Path,
    sound: Path,
) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("this is no picture")
    names = {
        "SOUND": sound,
        "PICTURE": picture,
        "EMPTY": tmp_path / "empty.png",
        "TEXT": tmp_path / "text.png",
        "FOLDER": tmp_path,
    }

    out = ["--out", tmp_path / "out"]

    ran = medley("ask", "x", "--bundle", bundle_folder, *out, *(names.get(w, w) for w in words))

    assert says in error_line(ran)


def test_a_truncated_picture_is_one_clear_line(
    medley: Run, bundle_folder: Path, tmp_path: Path, picture: Path
) -> None:
    picture.write_bytes(picture.read_bytes()[:60])

    ran = medley("ask", "x", "--bundle", bundle_folder, "--image", picture, "--out", tmp_path)

    assert picture.name in error_line(ran)


def test_a_full_disk_is_one_clear_line(medley: Run, bundle_folder: Path, tmp_path: Path) -> None:
    with room_for(100):
        ran = medley("ask", "x", "--bundle", bundle_folder, "--out", tmp_path / "out")

    assert "no room left" in error_line(ran)


def test_rendering_needs_a_file_that_medley_made(medley: Run, picture: Path) -> None:
    assert "recipe" in error_line(medley("render", picture))


def test_no_network_connection_is_made(
    medley: Run, bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a network connection was tried")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(f"socket.socket.{name}", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)

    ask(medley, bundle_folder, tmp_path, "--only", "image,audio,video")


def test_ctrl_c_while_rendering_ends_with_130_and_leaves_no_file(
    bundle_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "desktop.cli", "ask", "draw a boat", "--only", "image"]
    command += ["--steps", "500", "--bundle", str(bundle_folder), "--out", str(out)]
    terminal, its_end = pty.openpty()
    # Wide enough for the bar's label to stand in one piece.
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=its_end, env=environment
    ) as process:
        os.close(its_end)
        seen = b""
        while b"picture 1" not in seen:
            seen += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        try:
            while piece := os.read(terminal, 4096):
                seen += piece
        except OSError:
            pass  # Linux says EIO when the other end of a terminal is gone.
        code = process.wait()
    os.close(terminal)

    assert code == 130, seen.decode(errors="replace")
    assert b"medley: stopped" in seen
    assert b"Traceback" not in seen
    assert not out.exists()


def test_an_answer_as_a_video_needs_a_voice_and_says_how_to_get_one(
    medley: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    ran = medley(
        "ask", "Answer me as a video: what is a boat?", "--bundle", bundle_folder,
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 2
    assert "medley models get starter" in error_line(ran)
