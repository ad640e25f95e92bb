"""`verify_bundle` loads every part strictly and names what does not fit, file by file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import gguf
import msgspec
import pytest
from safetensors.torch import load_file, save_file

from runtime.bundle.bundle import Bundle, BundleError
from runtime.bundle.write import write_manifest
from runtime.components.verify import BundleReport, CheckLine, verify_bundle
from runtime.engine import Engine
from runtime.messages import Message, TextPart, Turn, TurnFailed
from tests.spoiling import Tensors, left_over, missing, reshaped
from tests.tiny_mmproj import write_bundle, write_pair


@pytest.fixture
def folder(tiny_bundle: Bundle, tmp_path: Path) -> Path:
    shutil.copytree(tiny_bundle.folder, tmp_path / "tiny")
    return tmp_path / "tiny"


def wrong(report: BundleReport) -> dict[str, str]:
    return {line.what: line.problem for line in report.lines if line.problem}


PARTS = {
    "encoder": "encoder.safetensors",
    "input projection": "input_projection.safetensors",
    "output projection audio": "output_audio.safetensors",
    "decoder video": "decoders/video/unet/diffusion_pytorch_model.safetensors",
}


def test_a_sound_bundle_has_a_line_for_every_file_and_part(tiny_bundle: Bundle) -> None:
    told: list[CheckLine] = []
    report = verify_bundle(tiny_bundle.folder, told.append)
    assert report.ok and wrong(report) == {}
    assert list(report.lines) == told
    checked = [line.what for line in report.lines]
    assert set(tiny_bundle.manifest.files) < set(checked)
    assert checked[-9:] == [
        "language model",
        "encoder",
        "input projection",
        *(
            f"{part} {m}"
            for m in ("image", "audio", "video")
            for part in ("output projection", "decoder")
        ),
    ]


@pytest.mark.parametrize("change", [missing, left_over, reshaped])
def test_a_tensor_that_does_not_fit_is_named_with_its_part(
    tiny_bundle: Bundle, folder: Path, change: Callable[[Tensors], str]
) -> None:
    names = {}
    for part, file in PARTS.items():
        tensors = load_file(folder / file)
        names[part] = change(tensors)
        save_file(tensors, folder / file, metadata={"format": "pt"})
    write_manifest(folder, tiny_bundle.manifest)
    found = wrong(verify_bundle(folder))
    assert found.keys() == names.keys()
    for part, name in names.items():
        assert name in found[part] and "\n" not in found[part]


def test_a_language_model_of_random_bytes_is_refused_here_and_by_the_engine(
    tiny_bundle: Bundle, folder: Path
) -> None:
    (folder / "llm.gguf").write_bytes(bytes(range(256)) * 40)
    write_manifest(folder, tiny_bundle.manifest)
    assert wrong(verify_bundle(folder)).keys() == {"language model"}
    with Engine(Bundle.open(folder), device="cpu", threads=1) as engine:
        events = list(engine.answer(Turn((Message("user", (TextPart("hello"),)),))))
    assert len(events) == 1 and isinstance(events[0], TurnFailed)
    said = str(events[0].problem)
    assert "llm.gguf" in said and "\n" not in said


def test_nothing_is_loaded_when_a_file_is_not_what_it_should_be(folder: Path) -> None:
    path = folder / "llm.gguf"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    report = verify_bundle(folder)
    assert wrong(report).keys() == {"llm.gguf"}
    assert "encoder" not in [line.what for line in report.lines]


def test_another_version_is_one_line(folder: Path) -> None:
    path = folder / "bundle.toml"
    path.write_text(path.read_text("utf-8").replace("format = 1", "format = 2", 1), "utf-8")
    report = verify_bundle(folder)
    assert [line.what for line in report.lines] == ["bundle.toml"]
    assert "expected bundle format 1, found 2" in wrong(report)["bundle.toml"]


def test_a_condition_shape_that_is_not_the_decoders_is_told(
    tiny_bundle: Bundle, folder: Path
) -> None:
    signal = tiny_bundle.manifest.signals["image"]
    shape = (signal.condition_shape[0] + 1, *signal.condition_shape[1:])
    changed = msgspec.structs.replace(signal, condition_shape=shape)
    signals = {**tiny_bundle.manifest.signals, "image": changed}
    write_manifest(folder, msgspec.structs.replace(tiny_bundle.manifest, signals=signals))

    found = wrong(verify_bundle(folder))["decoder image"]
    assert str(list(shape)) in found and str(list(signal.condition_shape)) in found


@pytest.mark.parametrize("kind", ["USER_DEFINED", "NORMAL"])
def test_a_signal_token_that_a_person_can_type_is_refused_here_and_by_the_engine(
    tiny_bundle: Bundle, folder: Path, kind: str
) -> None:
    token = tiny_bundle.manifest.signals["image"].token_ids[-1]
    file = gguf.GGUFReader(folder / "llm.gguf", "r+")
    types = file.fields["tokenizer.ggml.token_type"]
    types.parts[types.data[token]][0] = gguf.TokenType[kind]
    file.data.flush()
    write_manifest(folder, tiny_bundle.manifest)

    said = f"expected the signal token {token} to be of type CONTROL"
    found = wrong(verify_bundle(folder))["language model"]
    assert said in found and f"found {kind}" in found
    with Engine(Bundle.open(folder), device="cpu", threads=1) as engine:
        events = list(engine.answer(Turn((Message("user", (TextPart("hello"),)),))))
    assert isinstance(events[-1], TurnFailed) and said in str(events[-1].problem)


def test_an_mmproj_is_opened_beside_its_language_model(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp.mtmd_cpp", reason="this llama.cpp was built without mtmd")
    bundle = write_bundle(tmp_path / "gemma", "gemma", ("image",))
    report = verify_bundle(bundle.folder)
    assert report.ok and report.lines[-1] == CheckLine("media encoder")
    other = write_pair(tmp_path / "other", "deepstack").mmproj
    shutil.copy(other, bundle.folder / "mmproj-gemma.gguf")
    write_manifest(bundle.folder, bundle.manifest)
    assert "deepstack" not in (found := wrong(verify_bundle(bundle.folder)))["media encoder"]
    assert "llama.cpp refuses" in found["media encoder"]


def test_a_manifest_that_promises_clips_by_an_mmproj_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="modalities is video, expected image"):
        write_bundle(tmp_path / "b", "gemma", ("video",))
    with pytest.raises(BundleError, match=r"modalities is \[\], expected image"):
        write_bundle(tmp_path / "c", "gemma", ())
