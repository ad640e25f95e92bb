"""Manifests: read without importing, off until enabled, problems kept apart."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from plugins.api import Renderer
from plugins.errors import KnownError
from plugins.manifest import FILE, discover, load, load_reader, load_tool

MANIFEST = """
name = "scents"
version = "2.1"

[[renderers]]
id = "scents.rose"
modality = "smell"
python_name = "medley_scents.rose:Rose"
signal_tokens = 2
description = "Smells of roses"
"""
READER = """
[[readers]]
id = "scents.nose"
modalities = ["smell", "image"]
python_name = "medley_scents.rose:Nose"
description = "Names of flowers"
"""
MODULE = """
from plugins.api import Reader, Renderer

class Rose(Renderer):
    id = "scents.rose"
    version = "1"
    modality = "smell"
    def render(self, condition, parameters, stage): ...
    def condition_targets(self, captions): ...

class Thistle(Rose):
    id = "scents.thistle"

class Nose(Reader):
    id = "scents.nose"
    version = "1"
    modalities = ("smell", "image")
    def read(self, path, modality, stage):
        return []

class Cold(Nose):
    modalities = ("smell",)

NOTHING = 3
"""


def install(
    site: Path,
    manifest: str | None = MANIFEST,
    *,
    name: str = "scents",
    package: str = "medley_scents",
    recorded: bool = True,
) -> None:
    """A distribution as an installer leaves it."""
    code, info = site / package, site / f"{package}-2.1.dist-info"
    code.mkdir(parents=True)
    info.mkdir()
    (code / "__init__.py").write_text("")
    (code / "rose.py").write_text(MODULE)
    files = [f"{package}/__init__.py", f"{package}/rose.py"]
    if manifest is not None:
        (code / FILE).write_text(manifest)
        files.append(f"{package}/{FILE}")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 2.1\n")
    (info / "entry_points.txt").write_text(f"[medley.plugins]\n{name} = {package}\n")
    if recorded:
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path; modules that came from it are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("medley_"):
            del sys.modules[name]
    importlib.invalidate_caches()


def test_the_built_in_renderers_are_declared_by_the_same_kind_of_file() -> None:
    found = discover()

    assert found.plugins[0].built_in and found.plugins[0].enabled
    declared = {r.id: (r.modality, r.signal_tokens) for r in found.plugins[0].renderers}
    assert declared == {
        "medley.image": ("image", 4),
        "medley.clipart": ("image", 4),
        "medley.audio": ("audio", 8),
        "medley.video": ("video", 24),
        "medley.avatar": ("avatar", 1),
    }


@pytest.mark.parametrize(
    "renderer_id",
    ["medley.image", "medley.clipart", "medley.audio", "medley.video", "medley.avatar"],
)
def test_every_built_in_renderer_loads_and_is_what_its_manifest_says(renderer_id: str) -> None:
    manifest = discover().renderer(renderer_id)

    cls = load(manifest)

    assert issubclass(cls, Renderer)
    assert (cls.id, cls.modality) == (renderer_id, manifest.modality)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_plugin_is_listed_without_being_imported(site: Path, recorded: bool) -> None:
    install(site, recorded=recorded)

    found = discover()

    plugin = found.plugins[1]
    assert (plugin.name, plugin.version, plugin.enabled) == ("scents", "2.1", False)
    assert found.renderer("scents.rose").description == "Smells of roses"
    assert found.problems == ()
    assert not [name for name in sys.modules if name.startswith("medley_scents")]


def test_a_plugin_is_off_until_it_is_enabled_by_name(site: Path) -> None:
    install(site)

    with pytest.raises(KnownError, match="is off; switch it on"):
        load(discover().renderer("scents.rose"))
    assert "medley_scents.rose" not in sys.modules

    cls = load(discover(enabled={"scents"}).renderer("scents.rose"))
    assert cls.modality == "smell"


def test_an_unknown_renderer_lists_the_known() -> None:
    with pytest.raises(KnownError, match=r"found only medley\.audio, medley\.avatar, medley\.clip"):
        discover().renderer("medley.smell")


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        (None, "ships no medley-plugin.toml"),
        ("name = ", "is not a manifest"),
        (MANIFEST.replace("signal_tokens", "tokens"), "is not a manifest"),
        (MANIFEST.replace('"scents"', '"perfumes"'), "expected this name"),
        (MANIFEST.replace("medley_scents.rose:Rose", "medley_scents.rose"), "module:Class"),
        (MANIFEST.replace("scents.rose", "medley.image", 1), "already comes with medley"),
        (MANIFEST + "#" * 70000, "is larger than"),
        ('name = "scents"\nversion = "2"', "a reader or a tool"),
        (MANIFEST + READER.replace('["smell", "image"]', "[]"), "is not a manifest"),
        (MANIFEST + READER.replace('"image"', '""'), "module:Class"),
        (MANIFEST + READER.replace("rose:Nose", "rose"), "module:Class"),
        (MANIFEST + READER + 'model = "guess"', "is not a manifest"),
        (MANIFEST + READER.replace("scents.nose", "scents.rose"), "stands twice"),
        (MANIFEST + READER.replace("scents.nose", "medley.speech"), "already comes with medley"),
    ],
)
def test_a_broken_plugin_is_a_problem_and_hides_no_other(
    site: Path, manifest: str | None, problem: str
) -> None:
    install(site, manifest)
    good = MANIFEST.replace("scents", "spices").replace("medley_spices", "medley_good")
    install(site, good, name="spices", package="medley_good")

    found = discover()

    assert [p.plugin for p in found.problems] == ["scents"]
    assert problem in found.problems[0].what
    assert [p.name for p in found.plugins] == ["medley", "spices"]


@pytest.mark.parametrize(
    ("python_name", "problem"),
    [
        ("medley_scents.gone:Rose", "cannot be imported"),
        ("medley_scents.rose:Gone", "cannot be imported"),
        ("medley_scents.rose:NOTHING", "subclass of plugins.api.Renderer"),
        ("medley_scents.rose:Thistle", "the manifest says"),
    ],
)
def test_code_that_is_not_what_the_manifest_says_is_refused(
    site: Path, python_name: str, problem: str
) -> None:
    install(site, MANIFEST.replace("medley_scents.rose:Rose", python_name))

    with pytest.raises(KnownError, match=problem):
        load(discover(enabled={"scents"}).renderer("scents.rose"))


def test_the_built_in_readers_say_what_they_read_and_which_model_they_want() -> None:
    declared = {r.id: (r.modalities, r.model) for r in discover().readers}

    assert declared == {
        "medley.speech": (("audio", "video"), "hear"),
        "medley.text": (("image", "video"), "read"),
        "medley.labels": (("image", "video"), "see"),
        "medley.documents": (("document",), ""),
    }


def test_a_plugin_may_bring_readers_alone_and_they_are_off_until_it_is_enabled(site: Path) -> None:
    install(site, 'name = "scents"\nversion = "2.1"\n' + READER + 'model = "see"')

    reader = discover().readers[-1]
    assert (reader.plugin, reader.id, reader.model) == ("scents", "scents.nose", "see")
    with pytest.raises(KnownError, match="is off; switch it on"):
        load_reader(reader)
    assert "medley_scents.rose" not in sys.modules

    cls = load_reader(discover(enabled={"scents"}).readers[-1])
    assert cls(None).modalities == ("smell", "image")


@pytest.mark.parametrize(
    ("python_name", "problem"),
    [
        ("medley_scents.rose:Gone", "cannot be imported"),
        ("medley_scents.rose:Rose", "subclass of plugins.api.Reader"),
        ("medley_scents.rose:Cold", "the manifest says"),
    ],
)
def test_a_reader_that_is_not_what_the_manifest_says_is_refused(
    site: Path, python_name: str, problem: str
) -> None:
    install(site, MANIFEST + READER.replace("medley_scents.rose:Nose", python_name))

    with pytest.raises(KnownError, match=problem):
        load_reader(discover(enabled={"scents"}).readers[-1])


TOOL = """
[[tools]]
name = "smell"
title = "Smell"
titles = { zh = "闻" }
description = "Smell at something."
python_name = "medley_scents.rose:Smell"
touches = ["nothing"]
asks = "never"
parameters = '{"type": "object", "properties": {}, "additionalProperties": false}'
"""
ONLY_A_TOOL = 'name = "scents"\nversion = "2.1"\n' + TOOL
TOOL_MODULE = """

from plugins.api import Tool, ToolOutput

class Smell(Tool):
    name = "smell"
    version = "1"
    def call(self, arguments, stage):
        return ToolOutput("roses")

class Taste(Smell):
    name = "taste"
"""


def install_tool(site: Path, manifest: str = ONLY_A_TOOL) -> None:
    """A plugin that brings a tool and nothing else."""
    install(site, manifest)
    (site / "medley_scents" / "rose.py").write_text(MODULE + TOOL_MODULE)


def test_a_plugin_may_bring_nothing_but_a_tool(site: Path) -> None:
    install_tool(site)

    found = discover({"scents"})

    assert found.problems == ()
    (tool,) = found.plugins[1].tools
    assert (tool.plugin, tool.enabled, tool.name, tool.titles) == (
        "scents", True, "smell", {"zh": "闻"},
    )  # fmt: skip
    assert tool in found.tools
    assert load_tool(tool)().call({}, None).text == "roses"  # type: ignore[arg-type]


def test_a_tool_is_off_until_its_plugin_is_enabled(site: Path) -> None:
    install_tool(site)

    with pytest.raises(KnownError, match="tool smell: its plugin 'scents' is off"):
        load_tool(discover().plugins[1].tools[0])


@pytest.mark.parametrize(
    "python_name, problem",
    [
        ("rose:Taste", "the manifest says"),
        ("rose:Nose", r"subclass of plugins\.api\.Tool"),
        ("rose:Away", "cannot be imported"),
    ],
)
def test_a_tool_that_is_not_what_its_manifest_says_is_not_loaded(
    site: Path, python_name: str, problem: str
) -> None:
    install_tool(site, ONLY_A_TOOL.replace("rose:Smell", python_name))

    with pytest.raises(KnownError, match=problem):
        load_tool(discover({"scents"}).plugins[1].tools[0])


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ('"smell"', '"smell it"', "needs a name of at most 48"),
        ('"smell"', f'"{"s" * 49}"', "needs a name of at most 48"),
        ("Smell at something.", "", "needs a name of at most 48"),
        ("Smell at something.", "x" * 1025, "needs a name of at most 48"),
        ("rose:Smell", "rose", "needs a name of at most 48"),
        ('{"type": "object", ', '{"type": "array", ', "no JSON schema of an object"),
        ('{"type": "object", ', "{", "no JSON schema of an object"),
        ('["nothing"]', '["everything"]', "is not a manifest"),
        ('["nothing"]', "[]", "is not a manifest"),
        ('"never"', '"seldom"', "is not a manifest"),
        ('"smell"', '"calculate"', "already comes with medley"),
    ],
)
def test_a_broken_tool_is_a_problem_of_its_plugin(
    site: Path, old: str, new: str, problem: str
) -> None:
    install_tool(site, ONLY_A_TOOL.replace(old, new))

    found = discover({"scents"})

    assert [one.plugin for one in found.problems] == ["scents"]
    assert problem in found.problems[0].what


def test_medleys_own_tools_are_strict_short_and_load() -> None:
    tools = discover().plugins[0].tools

    assert len(tools) == 32
    for tool in tools:
        schema = json.loads(tool.parameters)
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False, tool.name
        assert set(schema["required"]) <= set(schema["properties"]), tool.name
        assert len(tool.description) + len(tool.parameters) < 500, tool.name
        assert tool.titles["zh"]
        assert load_tool(tool).name == tool.name
        if tool.asks == "never":
            assert not {"read files", "write files", "python", "screen", "open"} & {*tool.touches}
