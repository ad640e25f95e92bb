"""Packages import in one direction only, none is too large, and every module has a test."""

from __future__ import annotations

from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("deploy", "desktop", "plugins", "runtime", "storage", "training")
MOST_MODULES = 20


def _package(module: str) -> str:
    """The second level of a module's name, which is a package or a module of its own."""
    return ".".join(module.split(".")[:2])


def test_no_packages_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    below: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            if _package(module) != _package(imported):
                below[_package(module)].add(_package(imported))
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of packages: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks", "tools"])
def test_no_folder_holds_more_modules_than_can_be_looked_over(package: str) -> None:
    modules = [path for path in (ROOT / package).rglob("*.py") if not path.stem.startswith("__")]
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in modules)
    assert {folder: n for folder, n in counts.items() if n > MOST_MODULES} == {}


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks", "tools", "examples"])
def test_no_file_is_longer_than_four_hundred_lines(package: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / package).rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


TESTED_ELSEWHERE = {
    # Plain data, protocols, constants and words: nothing to test but what uses them.
    "plain": """
        desktop.serve.speech.protocol desktop.tools.mcp.failures
        plugins.api plugins.clipart.scene plugins.clipart.words plugins.clipart.words_zh
        plugins.errors plugins.manifest.declarations plugins.observation
        plugins.pipelines.reading plugins.tool
        runtime.bundle.manifest runtime.catalogue.errors runtime.catalogue.protocol
        runtime.encoder.config runtime.language_model.limits runtime.language_model.options
        runtime.language_model.protocol
        runtime.local_models.found runtime.messages runtime.self_test.outcomes
        runtime.turn.context
        storage.agent.records storage.errors storage.exchange.foreign.talk storage.records
        training.dialogues.phrasings.chinese training.dialogues.phrasings.english
        training.dialogues.phrasings.english_requests training.evaluation.plan
        training.evaluation.session training.familiarity.amounts""",
    # Fetches from npm's registry, which no test may reach.
    "untested": "runtime.catalogue.npm",
    # Parts of one thing, which is tested as a whole by the named test.
    "tests/deploy/test_ray_serve.py": """
        deploy.alone deploy.batch deploy.ray_calls deploy.ray_engine deploy.try_ray""",
    "tests/deploy/test_remote_renderer.py": """
        deploy.renderer_host runtime.components.renderers""",
    "tests/desktop/tools/test_addresses.py": "runtime.addresses",
    "tests/runtime/upstream/test_conversation.py": "runtime.upstream.marks",
    "tests/plugins/builtin/test_classes.py": "plugins.builtin.parts plugins.builtin.text",
    "tests/plugins/builtin/test_single_file.py": "plugins.builtin.faults",
    "tests/desktop/window/sidebar/test_sidebar.py": "desktop.window.sidebar.media_hits",
    "tests/desktop/serve/chat/test_completions.py": """
        desktop.serve.chat.answer desktop.serve.chat.request desktop.serve.connection
        desktop.serve.answering desktop.serve.engine desktop.serve.extension
        desktop.serve.media.artifacts desktop.serve.media.attachments desktop.serve.sampling
        desktop.serve.service""",
    "tests/desktop/serve/responses/test_routes.py": """
        desktop.serve.responses.answer desktop.serve.responses.items
        desktop.serve.responses.request desktop.serve.responses.store""",
    "tests/desktop/serve/realtime/test_session.py": """
        desktop.serve.realtime.response desktop.serve.realtime.route""",
    "tests/desktop/serve/realtime/test_speech.py": """
        desktop.serve.realtime.ears desktop.serve.speech.live""",
    "tests/desktop/assistant/sharing/test_relay.py": """
        desktop.assistant.sharing.connector desktop.assistant.sharing.guest""",
    "tests/runtime/language_model/device/test_loading.py": "runtime.language_model.device.library",
    "tests/desktop/serve/media/test_images.py": "desktop.serve.media.rendering",
    "tests/desktop/serve/media/test_videos.py": "desktop.serve.media.jobs",
    "tests/desktop/serve/speech/test_routes.py": """
        desktop.serve.speech.encoding desktop.serve.speech.helpers desktop.serve.speech.process
        desktop.serve.speech.subtitles""",
    "tests/desktop/serve/test_app.py": """
        desktop.serve.bodies desktop.serve.bundles desktop.serve.errors desktop.serve.guard
        desktop.serve.models desktop.serve.page""",
    "tests/desktop/cli/test_serve.py": "desktop.serve.server",
    "tests/desktop/tools/test_process.py": """
        desktop.tools.client desktop.tools.given_files desktop.tools.plugin_tools
        desktop.tools.protocol desktop.tools.questions desktop.tools.runner
        desktop.tools.running_job desktop.tools.source""",
    "tests/plugins/tools/files/test_places.py": "desktop.tools.stage",
    "tests/plugins/tools/test_media.py": "plugins.tools.services",
    "tests/plugins/tools/python/test_tool.py": """
        plugins.tools.python.covering plugins.tools.python.inside plugins.tools.python.run
        plugins.tools.python.sandbox""",
    "tests/plugins/manifest/test_discovery.py": "plugins.manifest.loading",
    "tests/desktop/mcp_server/test_server.py": "desktop.mcp_server.work",
    "tests/desktop/tools/mcp/test_hostile.py": """
        desktop.tools.mcp.connection desktop.tools.mcp.elicitation desktop.tools.mcp.guard
        desktop.tools.mcp.source desktop.tools.mcp.stdio""",
    "tests/desktop/tools/mcp/test_real_servers.py": "desktop.tools.mcp.http",
    "tests/storage/exchange/foreign/test_open_webui.py": "storage.exchange.foreign.data_urls",
    "tests/plugins/clipart/test_english.py": "plugins.clipart.chinese",
    "tests/plugins/clipart/test_renderer.py": "plugins.clipart.drawing plugins.clipart.furniture",
    "tests/plugins/readers/test_documents.py": """
        plugins.readers.documents.html_text plugins.readers.documents.passages
        plugins.readers.documents.pdf plugins.readers.documents.reader
        plugins.readers.documents.texts plugins.readers.documents.word""",
    "tests/plugins/readers/test_labels.py": "plugins.readers.efficientnet",
    "tests/plugins/readers/test_text.py": "plugins.readers.ocr",
    "tests/desktop/devices/test_microphone.py": """
        desktop.devices.errors desktop.devices.frames desktop.devices.portaudio
        desktop.devices.qt_audio""",
    "tests/desktop/speech/test_process.py": """
        desktop.speech.client desktop.speech.engines desktop.speech.listener
        desktop.speech.protocol desktop.speech.speaker""",
    "tests/plugins/avatar/test_drawing.py": "plugins.avatar.artwork",
    "tests/plugins/avatar/test_renderer.py": "plugins.avatar.speech",
    "tests/plugins/readers/test_speech.py": "plugins.speech.whisper",
    "tests/runtime/bundle/test_bundle.py": "runtime.bundle.checks runtime.bundle.write",
    "tests/runtime/composition/test_adding.py": "runtime.catalogue.added",
    "tests/runtime/composition/test_compose.py": """
        runtime.bundle.links runtime.composition.linking""",
    "tests/runtime/composition/test_making.py": """
        runtime.composition.decoder runtime.composition.manifest runtime.composition.recipe
        runtime.composition.talker""",
    "tests/runtime/catalogue/test_archives.py": "runtime.catalogue.joiner",
    "tests/runtime/catalogue/test_client.py": """
        runtime.catalogue.bound runtime.catalogue.fetch runtime.catalogue.process
        runtime.catalogue.starter_hook runtime.catalogue.wheels""",
    "tests/runtime/catalogue/test_full_disk.py": "runtime.catalogue.staging",
    "tests/runtime/encoder/test_model.py": "runtime.encoder.towers",
    "tests/runtime/language_model/test_generation.py": """
        runtime.language_model.model runtime.language_model.sampler""",
    "tests/runtime/components/test_mmproj_trial.py": "runtime.language_model.mmproj.vocabulary",
    "tests/runtime/language_model/test_kv_cache.py": """
        runtime.language_model.batch runtime.language_model.llama_session""",
    "tests/runtime/language_model/test_sequence_checkpoints.py": "training.gguf.random_models",
    "tests/runtime/turn/test_prompt.py": "runtime.turn.message_pieces",
    "tests/runtime/language_model/test_gguf_check.py": "runtime.language_model.gguf_head",
    "tests/runtime/local_models/test_identify.py": """
        runtime.local_models.gguf_files runtime.local_models.heads
        runtime.local_models.snapshots runtime.local_models.titles runtime.local_models.walk""",
    "tests/runtime/local_models/test_other_files.py": """
        runtime.local_models.other_folders runtime.local_models.other_ggufs
        runtime.local_models.safetensors_head""",
    "tests/runtime/local_models/test_pairing.py": """
        runtime.local_models.embedders runtime.local_models.embedding_width""",
    "tests/runtime/local_models/test_programs.py": """
        runtime.local_models.other_programs.hub_cache runtime.local_models.other_programs.jan
        runtime.local_models.other_programs.ollama
        runtime.local_models.other_programs.places""",
    "tests/runtime/local_models/test_voices.py": "runtime.local_models.onnx_head",
    "tests/runtime/media/test_audio.py": "runtime.media.container",
    "tests/runtime/projection/test_projection.py": """
        runtime.projection.grouping runtime.projection.linear runtime.projection.load
        runtime.projection.output""",
    "tests/runtime/self_test/test_run.py": "runtime.self_test.asking runtime.self_test.memory",
    "tests/runtime/components/test_verify.py": "runtime.components.load",
    "tests/runtime/turn/test_turn.py": """
        runtime.turn.artifacts runtime.turn.conditions runtime.turn.prompting""",
    "tests/runtime/speech/hearing/test_hearing.py": """
        runtime.speech.hearing.backchannel runtime.speech.hearing.events
        runtime.speech.hearing.models runtime.speech.hearing.sounds""",
    "tests/runtime/speech/voice/test_phonemes.py": """
        runtime.speech.voice.chinese.words runtime.speech.voice.english.heteronyms
        runtime.speech.voice.english.letters runtime.speech.voice.english.lexicon
        runtime.speech.voice.english.suffixes runtime.speech.voice.english.units""",
    "tests/runtime/speech/voice/test_seam.py": "runtime.speech.voice.onnx_part",
    "tests/runtime/speech/voice/test_voice.py": """
        runtime.speech.voice.loudness runtime.speech.voice.names runtime.speech.voice.timing""",
    "tests/runtime/worker/test_child.py": "runtime.process.child runtime.process.pipes",
    "tests/runtime/worker/test_client.py": "runtime.worker.futures runtime.worker.requests",
    "tests/runtime/worker/test_service.py": "runtime.worker.state",
    "tests/storage/exchange/test_exchange.py": "storage.exchange.outgoing",
    "tests/storage/file/test_migrations.py": """
        storage.file.database storage.file.steps_agent storage.file.steps_manner
        storage.file.steps_readings""",
    "tests/storage/test_media.py": "storage.medium_bytes",
    "tests/storage/test_messages.py": "storage.reading",
    "tests/training/align/test_run.py": """
        training.align.bundle training.align.components training.align.dataset
        training.align.decoder_alignment training.align.model""",
    "tests/training/align/test_upper_run.py": """
        desktop.cli.imports.delta runtime.composition.delta runtime.composition.gguf_rewrite
        training.align.cached_states training.align.delta training.align.upper_model""",
    "tests/training/datasets/test_reading.py": "training.datasets.reference",
    "tests/training/dialogues/test_mosit_files.py": "training.dialogues.attached",
    "tests/training/evaluation/sheets/test_contact_sheet.py": """
        training.evaluation.sheets.entries training.evaluation.sheets.html
        training.evaluation.sheets.png""",
    "tests/pocket/test_evaluation.py": """
        training.evaluation.metrics.embeddings training.evaluation.paper_metrics
        training.evaluation.routing_comparison""",
    "tests/pocket/test_parity.py": "training.pocket.parity",
    "tests/training/importing/test_base.py": "training.importing.base_checks",
    "tests/training/importing/test_delta.py": "training.importing.sizes",
    "tests/training/importing/test_run.py": """
        training.importing.journal training.importing.manifest training.importing.plan
        training.importing.projections training.importing.smaller""",
    "tests/training/familiarity/test_media.py": "training.familiarity.words",
    "tests/training/gguf/test_patch.py": "training.gguf.load",
    "tests/training/pocket/test_run.py": """
        training.pocket.alignment_stages training.pocket.autoencoders training.pocket.bundle
        training.pocket.decoder_alignment training.pocket.decoder_stages
        training.pocket.language_model training.pocket.shapes training.pocket.text_encoders
        training.pocket.unets""",
    "tests/training/pocketworld/test_captions.py": "training.pocketworld.captions_zh",
    "tests/training/pocketworld/test_levels.py": "training.pocketworld.media_cache",
    "tests/training/pocketworld/test_oracle.py": """
        training.pocketworld.fitting training.pocketworld.judge_picture
        training.pocketworld.judge_sound""",
    "tests/training/pocketworld/test_world.py": """
        training.pocketworld.backdrop training.pocketworld.clip training.pocketworld.picture
        training.pocketworld.silhouettes training.pocketworld.sound training.pocketworld.voices""",
    "tests/training/pocketworld/compositions/test_captions.py": """
        training.pocketworld.compositions.captions_zh""",
    "tests/training/pocketworld/compositions/test_oracle.py": """
        training.pocketworld.compositions.judge_clip
        training.pocketworld.compositions.judge_picture
        training.pocketworld.compositions.judge_sound""",
    "tests/training/pocketworld/compositions/test_render.py": """
        training.pocketworld.compositions.clips training.pocketworld.compositions.pictures
        training.pocketworld.compositions.sounds""",
}
"""Modules without a test of their own name, by the test that covers them."""
DRIVEN = ("desktop.assistant", "desktop.cli", "desktop.window")
"""Packages that are tested through the real window, assistant and command line, by tests named
after what a person does. Their modules need no tests of their own names."""


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _mirrored(module: str) -> Path:
    *folders, name = module.split(".")
    return ROOT.joinpath("tests", *folders, f"test_{name.lstrip('_')}.py")


def _public_modules() -> list[str]:
    return sorted(
        _module(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not path.stem.startswith("__") and (path.parent / "__init__.py").exists()
    )


def _elsewhere() -> dict[str, str]:
    return {module: test for test, names in TESTED_ELSEWHERE.items() for module in names.split()}


def test_every_public_module_has_a_test() -> None:
    elsewhere = _elsewhere()

    without = [
        module
        for module in _public_modules()
        if not (_mirrored(module).exists() or module in elsewhere or module.startswith(DRIVEN))
    ]

    assert without == [], "write tests/<path>/test_<name>.py, or say which test covers it"


def test_the_list_of_modules_tested_elsewhere_is_true() -> None:
    elsewhere, modules = _elsewhere(), set(_public_modules())

    assert [module for module in elsewhere if module not in modules] == []
    assert [module for module in elsewhere if _mirrored(module).exists()] == []
    tests = [name for name in TESTED_ELSEWHERE if name not in ("plain", "untested")]
    assert [test for test in tests if not (ROOT / test).is_file()] == []
