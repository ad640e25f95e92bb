"""Other programs' models are found in their own layouts, and one broken entry spoils no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from plugins.errors import Cancelled
from runtime.local_models.identify import identify
from runtime.local_models.other_programs.places import HOME_VARIABLE, Places
from runtime.local_models.programs import Program, find_programs
from tests.runtime.local_models import making

MEDIA = "application/vnd.ollama.image."


def found(home: Path, environment: Mapping[str, str] | None = None) -> dict[str, Program]:
    places = Places(home, None, environment or {})
    return {one.name: one for one in find_programs(places)}


def titles(program: Program) -> list[str]:
    return [one.title for one in program.models]


def blob(store: Path, source: Path | bytes) -> str:
    """Keep a file among Ollama's blobs; its digest."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    (store / "blobs").mkdir(parents=True, exist_ok=True)
    (store / "blobs" / f"sha256-{digest}").write_bytes(data)
    return f"sha256:{digest}"


def manifest(store: Path, name: str, layers: Sequence[tuple[str, str]]) -> Path:
    """Ollama's description of a model, made of kinds and digests."""
    path = store / "manifests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [{"mediaType": MEDIA + kind, "digest": digest, "size": 1} for kind, digest in layers]
    path.write_text(json.dumps({"schemaVersion": 2, "config": {}, "layers": listed}))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Ollama's folder with one model that sees, and one from elsewhere."""
    store = tmp_path / ".ollama" / "models"
    talks = blob(store, making.talker(tmp_path / "t.gguf"))
    eyes = blob(store, making.mmproj(tmp_path / "m.gguf"))
    licence = blob(store, b"MIT License\n\nCopyright")
    layers = [("model", talks), ("projector", eyes), ("template", talks), ("license", licence)]
    manifest(store, "registry.ollama.ai/library/llava/7b", layers)
    other = blob(store, making.talker(tmp_path / "o.gguf", d_model=128))
    manifest(store, "hf.co/bartowski/Qwen-GGUF/Q4_K_M", [("model", other)])
    return store


def test_ollamas_models_have_the_names_that_a_person_types(tmp_path: Path, store: Path) -> None:
    program = found(tmp_path)["Ollama"]

    assert titles(program) == ["hf.co/bartowski/Qwen-GGUF:Q4_K_M", "llava:7b", "llava:7b"]
    assert [one.purpose for one in program.models] == ["talk", "talk", "take in"]
    assert program.problems == () and program.folders == (store,)
    assert {one.path.parent for one in program.models} == {store / "blobs"}
    other, talker, eyes = program.models
    assert (program.beside(other), program.beside(talker)) == ((), (eyes,))


def test_a_person_may_name_ollamas_folder(store: Path) -> None:
    assert len(identify(store)) == 3


def test_ollamas_licence_is_told_where_the_model_says_nothing(tmp_path: Path, store: Path) -> None:
    plain = making.talker(tmp_path / "p.gguf", keys={"general.license": ""}, d_model=32)
    apache = blob(store, b"\n   Apache License\n   Version 2.0, January 2004\n")
    own = blob(store, b"LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nmore")
    digest = blob(store, plain)
    manifest(store, "registry.ollama.ai/library/a/1", [("model", digest), ("license", apache)])
    by_name = {one.title: one for one in found(tmp_path)["Ollama"].models}
    assert by_name["a:1"].licence == "Apache-2.0"

    manifest(store, "registry.ollama.ai/library/a/1", [("model", digest), ("license", own)])
    by_name = {one.title: one for one in found(tmp_path)["Ollama"].models}
    assert by_name["a:1"].licence == "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT"


def test_ollamas_newer_manifests_are_links_and_lists(tmp_path: Path, store: Path) -> None:
    digest = blob(store, making.talker(tmp_path / "n.gguf", d_model=32))
    child = manifest(store, "registry.ollama.ai/library/tmp/1", [("model", digest)])
    reference = blob(store, child.read_bytes())
    child.unlink()
    listed = {
        "mediaType": "application/vnd.ollama.manifest.list.v2+json",
        "manifests": [
            {"runner": "mlx", "digest": "sha256:" + "0" * 64},
            {"runner": "ollama", "digest": reference},
        ],
    }
    kept = blob(store, json.dumps(listed).encode())
    link = store / "manifests-v2" / "registry.ollama.ai" / "me" / "new" / "latest"
    link.parent.mkdir(parents=True)
    link.symlink_to(store / "blobs" / kept.replace(":", "-"))

    assert "me/new:latest" in titles(found(tmp_path)["Ollama"])


BROKEN: dict[str, tuple[Any, str]] = {
    "missing blob": ({"layers": [{"mediaType": MEDIA + "model", "digest": "sha256:" + "a" * 64}]},
                     "the file that Ollama's manifest names"),
    "path as digest": ({"layers": [{"mediaType": MEDIA + "model", "digest": "../../etc/passwd"}]},
                       "the name of a blob"),
    "no layers": ({"layers": []}, "Ollama's description"),
    "strange layers": ({"layers": [1, 2]}, "Ollama's description"),
    "layers of one kind": ({"layers": {"a": 1}}, "Ollama's description"),
    "a list": ([], "in JSON"),
    "other format": ({"layers": [{"mediaType": MEDIA + "tensor", "digest": "x"}]},
                     "which only Ollama runs"),
    "empty list": ({"mediaType": "application/vnd.ollama.manifest.list.v2+json"},
                   "Ollama's description"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_one_broken_manifest_spoils_no_other(tmp_path: Path, store: Path, what: str) -> None:
    content, words = BROKEN[what]
    path = store / "manifests" / "registry.ollama.ai" / "library" / "bad" / "1"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))

    program = found(tmp_path)["Ollama"]

    assert len(program.models) == 3
    (problem,) = program.problems
    assert words in str(problem) and str(problem).startswith("bad:1: ")


def test_lm_studios_models_are_found_where_it_says(tmp_path: Path) -> None:
    usual = tmp_path / ".lmstudio" / "models" / "qwen" / "Qwen-GGUF"
    chosen = tmp_path / "disk" / "maker" / "Other-GGUF"
    for folder in (usual, chosen):
        folder.mkdir(parents=True)
        making.talker(folder / "a.gguf", name=folder.name)
    making.mmproj(usual / "eyes.gguf")
    (usual.parent / "Broken").mkdir()
    (usual.parent / "Broken" / "b.gguf").write_bytes(b"GGUF")
    settings = tmp_path / ".lmstudio" / "settings.json"
    settings.write_text(json.dumps({"downloadsFolder": str(tmp_path / "disk")}))

    program = found(tmp_path)["LM Studio"]

    assert titles(program) == ["Other-GGUF", "Qwen-GGUF", "Tiny Eyes"]
    assert [len(program.beside(one)) for one in program.models] == [0, 1, 1]
    (problem,) = program.problems
    assert "b.gguf" in str(problem)


def test_lm_studio_may_have_moved(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "models" / "maker" / "x"
    folder.mkdir(parents=True)
    making.talker(folder / "a.gguf")
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'elsewhere'}\n")

    assert len(found(tmp_path)["LM Studio"].models) == 1


def test_jans_models_have_the_names_that_jan_shows(tmp_path: Path) -> None:
    data = tmp_path / ".local" / "share" / "Jan" / "data"
    models = data / "llamacpp" / "models"
    (models / "janhq" / "Jan-v1").mkdir(parents=True)
    making.talker(models / "janhq" / "Jan-v1" / "model.gguf")
    making.mmproj(models / "janhq" / "Jan-v1" / "mmproj.gguf")
    (models / "janhq" / "Jan-v1" / "model.yml").write_text(
        "model_path: llamacpp/models/janhq/Jan-v1/model.gguf\n"
        'mmproj_path: "llamacpp/models/janhq/Jan-v1/mmproj.gguf"\nname: Jan v1\nsize_bytes: 3\n'
    )
    elsewhere = making.talker(tmp_path / "mine.gguf", d_model=32)
    (models / "mine").mkdir()
    (models / "mine" / "model.yml").write_text(f"model_path: {elsewhere}\n")
    (models / "gone").mkdir()
    (models / "gone" / "model.yml").write_text("model_path: nowhere.gguf\n")
    (models / "odd").mkdir()
    (models / "odd" / "model.yml").write_bytes(b"\xff\x00{")

    program = found(tmp_path)["Jan"]

    assert titles(program) == ["Jan v1", "Jan v1", "mine"]
    assert [str(one).partition(":")[0] for one in program.problems] == ["gone", "odd"]


def test_caches_of_llama_cpp_and_hugging_face_are_read(tmp_path: Path) -> None:
    cache = tmp_path / ".cache"
    (cache / "llama.cpp").mkdir(parents=True)
    making.talker(cache / "llama.cpp" / "maker_Model-GGUF_model.gguf", name="Older")
    (cache / "llama.cpp" / "manifest=maker=Model-GGUF=latest.json").write_text("{}")
    hub = cache / "huggingface" / "hub"
    newer = hub / "models--maker--New-GGUF" / "snapshots" / ("a" * 40)
    newer.mkdir(parents=True)
    making.talker(newer / "m.gguf", name="Newer")
    painter = hub / "models--maker--Painter" / "snapshots" / ("b" * 40)
    making.decoder(painter)
    trained = hub / "models--maker--Trained" / "snapshots" / ("c" * 40)
    trained.mkdir(parents=True)
    (trained / "config.json").write_text("{}")
    (trained / "model.safetensors").write_bytes(b"")
    (hub / "models--maker--Nothing").mkdir()

    programs = found(tmp_path)

    assert titles(programs["llama.cpp"]) == ["Older"]
    assert titles(programs["Hugging Face"]) == ["Newer", "Painter"]
    assert programs["Hugging Face"].problems == ()


def test_the_persons_settings_say_where_to_look(tmp_path: Path, store: Path) -> None:
    moved = store.rename(tmp_path / "moved")
    cache = tmp_path / "llama"
    cache.mkdir()
    making.talker(cache / "a.gguf")
    (tmp_path / "hf" / "hub").mkdir(parents=True)
    environment = {
        "OLLAMA_MODELS": str(moved), "LLAMA_CACHE": str(cache), "HF_HOME": str(tmp_path / "hf"),
    }  # fmt: skip

    programs = found(tmp_path, environment)

    assert {one.folders for one in programs.values()} == {
        (moved,), (cache,), (tmp_path / "hf" / "hub",),
    }  # fmt: skip


def test_a_file_that_two_programs_folders_share_is_told_once(tmp_path: Path) -> None:
    first, second = (tmp_path / one for one in (".lmstudio/models/a/b", ".cache/lm-studio/models"))
    first.mkdir(parents=True)
    second.parent.mkdir(parents=True)
    making.talker(first / "a.gguf")
    second.symlink_to(tmp_path / ".lmstudio" / "models")

    assert len(found(tmp_path)["LM Studio"].models) == 1


def test_a_home_without_programs_has_none(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    assert found(tmp_path / "nowhere") == {}


def test_the_home_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".lmstudio" / "models" / "a" / "b").mkdir(parents=True)
    making.talker(tmp_path / ".lmstudio" / "models" / "a" / "b" / "c.gguf")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))

    assert [one.name for one in find_programs()] == ["LM Studio"]


def test_the_search_can_be_watched_and_stopped(tmp_path: Path, store: Path) -> None:
    told: list[tuple[str, str]] = []

    def stop(name: str, path: Path) -> None:
        told.append((name, path.name))
        if len(told) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_programs(Places(tmp_path, None, {}), stop)
    assert told == [("Ollama", "Q4_K_M"), ("Ollama", "7b")]


def test_a_folder_that_may_not_be_read_is_a_problem(
    shared: Path, request: pytest.FixtureRequest
) -> None:
    folder = shared / ".lmstudio" / "models"
    (folder / "closed").mkdir(parents=True)
    making.talker(folder / "a.gguf")
    (folder / "closed").chmod(0)
    request.getfixturevalue("nobody")

    program = found(shared)["LM Studio"]

    assert len(program.models) == 1
    assert "closed" in str(program.problems[0])
