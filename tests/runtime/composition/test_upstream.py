"""A bundle is made of a server's model, and says where answers are made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, BundleError, read_manifest
from runtime.bundle.write import save_manifest
from runtime.components.verify import verify_bundle
from runtime.composition.making import PartNames, make
from runtime.composition.upstream import elsewhere
from runtime.needs.fit import fit
from runtime.needs.places import Places
from runtime.upstream.places import place
from tests.runtime.upstream.failing import Told, failing

_MODELS = [
    {"id": "big", "max_model_len": 32768},
    {"id": "small", "meta": {"n_ctx": 2048}},
    {"id": "unknown"},
]


@pytest.fixture
def server(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Told]]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with failing() as (url, told):
        told.body = json.dumps({"object": "list", "data": _MODELS})
        yield url, told


def _made(url: str, **options: str) -> Bundle:
    return Bundle.open(make("asked", PartNames(url, **options))[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(("model", "n_ctx"), [("big", 8192), ("small", 2048), ("unknown", 8192)])
def test_the_servers_model_is_named_with_its_context(
    server: tuple[str, Told], model: str, n_ctx: int
) -> None:
    url, _ = server

    bundle = _made(url, upstream_model=model)

    spec = bundle.manifest.language_model
    assert spec.upstream is not None
    assert (spec.upstream.url, spec.upstream.model, spec.n_ctx) == (url, model, n_ctx)
    host = url.removeprefix("http://").removesuffix("/v1")
    assert bundle.manifest.title == f"asked ({model} at {host})"
    assert bundle.manifest.description.startswith(f"{model} at {host}")
    assert bundle.modalities == ("text", "image", "audio", "video")


def test_it_takes_no_memory_here_and_is_whole(server: tuple[str, Told]) -> None:
    bundle = _made(server[0], upstream_model="big")

    assert fit(bundle, Places(2 << 30)).pooled == 0
    assert verify_bundle(bundle.folder).ok


def test_a_name_is_needed_where_there_are_several(server: tuple[str, Told]) -> None:
    url, told = server
    for named in ("", "huge"):
        with pytest.raises(KnownError, match="it has big, small, unknown"):
            _made(url, upstream_model=named)

    told.body = json.dumps({"data": _MODELS[:1]})

    assert _made(url).manifest.title.startswith("asked (big at")


def test_a_server_on_another_computer_is_told_of() -> None:
    told = str(elsewhere(place("http://192.0.2.7:8000/v1")))

    assert told.endswith("is sent to 192.0.2.7:8000.")


def test_options_that_do_not_go_together_are_refused(
    server: tuple[str, Told], own_gguf: Path
) -> None:
    url, _ = server
    with pytest.raises(KnownError, match="expected --see for a language model in a file"):
        _made(url, upstream_model="big", see=str(own_gguf))
    with pytest.raises(KnownError, match="expected the address of a server beside"):
        _made(str(own_gguf), upstream_model="big")
    _made(url, upstream_model="big")
    with pytest.raises(KnownError, match="expected a language model in a file, found one at"):
        make("other", PartNames("asked"))


def test_a_manifest_that_contradicts_itself_is_refused(server: tuple[str, Told]) -> None:
    folder = _made(server[0], upstream_model="big").folder
    manifest = read_manifest(folder)
    model = msgspec.structs.replace(manifest.language_model, file="llm.gguf")

    with pytest.raises(BundleError, match=r"language_model\.upstream has no file"):
        save_manifest(folder, msgspec.structs.replace(manifest, language_model=model))
