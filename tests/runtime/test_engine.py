"""The engine answers with every modality, tells what happens, and survives what goes wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from plugins.api import Recipe
from plugins.errors import KnownError, Problem
from runtime.bundle.bundle import Bundle
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.media import content_key
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    MediaPart,
    Message,
    RenderProgress,
    Sampling,
    SignalPart,
    SignalStarted,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
    decode_event,
    encode,
)
from runtime.needs import available_bytes
from runtime.needs.fit import fit
from runtime.needs.places import Places
from runtime.observations import content_keys
from tests.runtime.making_media import write_picture

T = TypeVar("T")
MODALITIES = ("image", "audio", "video")


@pytest.fixture(scope="module")
def engine(tiny_bundle: Bundle) -> Iterator[Engine]:
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        yield engine


def asked(text: str, *media: MediaPart) -> Message:
    return Message("user", (*media, TextPart(text)))


def turn(*messages: Message, allowed: tuple[str, ...] | None = None, seed: int = 7) -> Turn:
    return Turn(messages or (asked("show me a boat"),), allowed=allowed, seed=seed)


def only(kind: type[T], events: list[Event]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def done(events: list[Event]) -> TurnDone:
    assert isinstance(events[-1], TurnDone), events[-1]
    return events[-1]


def bundle_copy(bundle: Bundle, folder: Path) -> Path:
    shutil.copytree(bundle.folder, folder)
    return folder


def test_importing_the_engine_brings_no_heavy_library() -> None:
    heavy = "{'torch', 'llama_cpp', 'diffusers', 'transformers'}"
    code = f"import sys, runtime.engine; print({heavy} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "set()", printed.stderr


def test_one_reply_holds_words_a_picture_a_sound_and_a_clip_in_order(engine: Engine) -> None:
    events = list(engine.answer(turn()))
    reply = done(events).reply
    assert reply.role == "assistant"
    assert reply.parts == (
        TextPart("a red boat"),
        SignalPart("image"),
        TextPart(" bell"),
        SignalPart("audio"),
        TextPart(" snow"),
        SignalPart("video"),
        TextPart(" now"),
    )
    assert "".join(e.text for e in only(TextDelta, events)) == "a red boat bell snow now"
    ready = {e.index: e for e in only(ArtifactReady, events)}
    assert [ready[i].modality for i in range(3)] == list(MODALITIES)
    assert [ready[i].mime for i in range(3)] == ["image/png", "audio/wav", "video/mp4"]
    assert (ready[0].width, ready[0].height) == (16, 16)
    assert ready[1].duration_s == pytest.approx(0.25, abs=0.01)
    assert all(decode_event(encode(event)) == event for event in events)


def test_events_of_each_artifact_come_in_order_and_words_do_not_wait(engine: Engine) -> None:
    events = list(engine.answer(turn()))
    for index in range(3):
        mine = [e for e in events if getattr(e, "index", None) == index]
        assert isinstance(mine[0], SignalStarted)
        assert isinstance(mine[-1], ArtifactReady)
        assert [e.step for e in mine if isinstance(e, RenderProgress)] == [0, 1, 2]
    last_word = max(i for i, e in enumerate(events) if isinstance(e, TextDelta))
    last_artifact = max(i for i, e in enumerate(events) if isinstance(e, ArtifactReady))
    assert last_word < last_artifact


def test_usage_and_timings_add_up(engine: Engine) -> None:
    first = done(list(engine.answer(turn(seed=1))))
    again = done(list(engine.answer(turn(seed=1))))
    assert again.usage.prompt_tokens == first.usage.prompt_tokens
    assert again.usage.reused_tokens < again.usage.prompt_tokens
    assert again.usage.new_tokens == first.usage.new_tokens > 16
    assert again.timings.load == 0.0
    assert len(again.timings.render) == 3 and min(again.timings.render) > 0
    assert again.seed == 1 and again.finish == "end"


def test_media_of_the_history_are_encoded_once_and_stay_in_the_cache(
    tiny_bundle: Bundle, media: dict[str, Path]
) -> None:
    given = [MediaPart(modality, str(media[modality])) for modality in MODALITIES]
    loaded: list[str] = []
    with Engine(tiny_bundle, device="cpu", threads=1, on_load=loaded.append) as engine:
        question = asked("what is this?", *given)
        first = done(list(engine.answer(turn(question, allowed=("text",)))))
        assert first.timings.load > 0 and first.timings.encode > 0
        assert sorted(loaded) == ["encoder", "input projection", "language model"]
        again = asked("and now?", MediaPart("image", str(media["image"])))
        second = done(list(engine.answer(turn(question, first.reply, again, allowed=("text",)))))
        kept = first.usage.prompt_tokens + first.usage.new_tokens
        assert second.usage.reused_tokens >= kept - 1
        assert second.timings.load == 0.0
        assert len(loaded) == 3


def test_a_file_is_read_again_only_when_it_was_written_since(
    tiny_bundle: Bundle, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = media["image"], list[str]()

    def reading(name: str) -> str:
        read.append(name)
        return content_key(name)

    monkeypatch.setattr(content_keys, "content_key", reading)
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        question = asked("what is this?", MediaPart("image", str(path)))
        first = done(list(engine.answer(turn(question, allowed=("text",)))))
        again = turn(question, first.reply, asked("and now?"), allowed=("text",))
        second = done(list(engine.answer(again)))
        assert len(read) == 1

        write_picture(path.with_name("other.png"), (60, 30)).replace(path)
        third = done(list(engine.answer(again)))

    assert len(read) == 2
    assert third.usage.reused_tokens < second.usage.reused_tokens


def test_what_was_given_changes_what_is_made(engine: Engine, media: dict[str, Path]) -> None:
    def picture(*given: MediaPart) -> str:
        events = list(engine.answer(turn(asked("draw it", *given), allowed=("text", "image"))))
        recipe = Recipe.from_json(only(ArtifactReady, events)[0].recipe)
        return str(recipe.condition.to_dict()["arrays"])

    given = [MediaPart(modality, str(media[modality])) for modality in MODALITIES]
    assert len({picture(), *(picture(part) for part in given)}) == 4


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(
    tiny_bundle: Bundle,
) -> None:
    def artifacts(seed: int) -> list[bytes]:
        with Engine(tiny_bundle, device="cpu", threads=1) as engine:
            events = list(engine.answer(turn(seed=seed)))
        return [e.data for e in sorted(only(ArtifactReady, events), key=lambda e: e.index)]

    first, same, other = artifacts(7), artifacts(7), artifacts(8)
    assert len(first) == 3
    assert first == same
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_without_a_seed_one_is_drawn_and_told(engine: Engine) -> None:
    turns = [Turn((asked("hello"),), allowed=("text",)) for _ in range(2)]
    seeds = {done(list(engine.answer(t))).seed for t in turns}
    assert len(seeds) == 2


def test_a_recipe_renders_the_same_bytes_again(engine: Engine) -> None:
    events = list(engine.answer(turn(seed=11)))
    for ready in only(ArtifactReady, events):
        assert engine.rerender(ready.recipe).data == ready.data


def test_a_recipe_of_another_bundle_is_refused(engine: Engine) -> None:
    ready = only(ArtifactReady, list(engine.answer(turn(allowed=("image",)))))[0]
    foreign = ready.recipe.replace('"bundle":"tiny"', '"bundle":"other"')
    with pytest.raises(KnownError, match="expected one made with bundle tiny"):
        engine.rerender(foreign)


@pytest.mark.parametrize("modality", MODALITIES)
def test_only_one_modality_means_only_that_one_and_no_words(engine: Engine, modality: str) -> None:
    events = list(engine.answer(turn(allowed=(modality,))))
    assert {part for part in done(events).reply.parts} == {SignalPart(modality)}
    assert {e.modality for e in only(ArtifactReady, events)} == {modality}
    assert not only(TextDelta, events)


def test_only_text_means_no_artifacts(engine: Engine) -> None:
    events = list(engine.answer(turn(allowed=("text",))))
    assert not only(SignalStarted, events)
    assert all(isinstance(part, TextPart) for part in done(events).reply.parts)


def test_bad_turns_fail_with_one_line_and_the_engine_goes_on(
    engine: Engine, tmp_path: Path
) -> None:
    nothing = MediaPart("image", str(tmp_path / "none.png"))
    message = (asked("hello"),)
    bad = {
        "found 'smell'": Turn(message, allowed=("text", "smell")),
        "cannot answer in 'smell'": Turn(message, parameters={"smell": {}}),
        "no such file": Turn((asked("what is this?", nothing),)),
        "temperature": Turn(message, sampling=Sampling(temperature=-1.0)),
        "expected a message of at most": Turn((asked("boat " * 600),)),
    }
    for said, wrong in bad.items():
        events = list(engine.answer(wrong))
        assert len(events) == 1 and isinstance(events[0], TurnFailed)
        assert said in str(events[0].problem) and "\n" not in str(events[0].problem)
    done(list(engine.answer(turn())))


def test_wrong_parameters_fail_their_artifact_only(engine: Engine) -> None:
    wrong = Turn((asked("show"),), seed=1, parameters={"image": {"steps": 0}})
    events = list(engine.answer(wrong))
    failed = only(ArtifactFailed, events)
    assert [e.modality for e in failed] == ["image"] and "steps" in str(failed[0].problem)
    assert {e.modality for e in only(ArtifactReady, events)} == {"audio", "video"}
    assert done(events).timings.render[0] == 0.0


def test_a_broken_decoder_fails_its_artifact_only(tiny_bundle: Bundle, tmp_path: Path) -> None:
    folder = bundle_copy(tiny_bundle, tmp_path / "broken")
    (folder / "decoders/audio/unet/diffusion_pytorch_model.safetensors").write_bytes(b"rubbish")
    write_manifest(folder, tiny_bundle.manifest)
    with Engine(Bundle.open(folder), device="cpu", threads=1) as engine:
        events = list(engine.answer(turn()))
        nothing = list(engine.answer(turn(allowed=("audio",))))
    assert [e.modality for e in only(ArtifactFailed, events)] == ["audio"]
    assert {e.modality for e in only(ArtifactReady, events)} == {"image", "video"}
    assert isinstance(nothing[-1], TurnFailed) and "holds nothing" in str(nothing[-1].problem)


def test_a_renderer_that_is_not_installed_fails_its_artifact_only(
    tiny_bundle: Bundle, tmp_path: Path
) -> None:
    folder = bundle_copy(tiny_bundle, tmp_path / "foreign")
    text = (folder / "bundle.toml").read_text().replace("medley.video", "somebody.hologram")
    (folder / "bundle.toml").write_text(text)
    with Engine(Bundle.open(folder), device="cpu", threads=1) as engine:
        events = list(engine.answer(turn()))
    assert "renderer 'somebody.hologram': expected it to be installed" in str(
        only(ArtifactFailed, events)[0].problem
    )
    assert {e.modality for e in only(ArtifactReady, events)} == {"image", "audio"}


def test_stopping_while_words_come_keeps_the_words(engine: Engine) -> None:
    cancelled, events = threading.Event(), list[Event]()
    for event in engine.answer(turn(allowed=("text",)), cancelled):
        events.append(event)
        if len(only(TextDelta, events)) == 2:
            cancelled.set()
    assert done(events).finish == "stopped"
    assert len(only(TextDelta, events)) <= 3
    assert done(events).reply.parts
    done(list(engine.answer(turn())))


def test_stopping_while_a_picture_is_made_ends_at_the_next_step(engine: Engine) -> None:
    cancelled, events = threading.Event(), list[Event]()
    long = Turn((asked("draw"),), seed=1, parameters={"image": {"steps": 500}})
    for event in engine.answer(long, cancelled):
        events.append(event)
        if isinstance(event, RenderProgress) and event.step == 2:
            cancelled.set()
    assert len(only(RenderProgress, events)) < 100
    assert not only(ArtifactReady, events)
    begun = {e.index for e in only(SignalStarted, events)}
    assert {e.index for e in only(ArtifactFailed, events)} == begun
    assert isinstance(done(events), TurnDone)
    done(list(engine.answer(turn())))


def test_stopping_before_anything_came_says_stopped(engine: Engine) -> None:
    cancelled = threading.Event()
    cancelled.set()
    events = list(engine.answer(turn(), cancelled))
    assert len(events) == 1 and done(events).finish == "stopped"


def test_leaving_the_answer_early_stops_it_and_the_engine_goes_on(engine: Engine) -> None:
    answer = engine.answer(Turn((asked("draw"),), parameters={"image": {"steps": 500}}))
    for event in answer:
        if isinstance(event, SignalStarted):
            break
    answer.close()  # type: ignore[attr-defined]
    done(list(engine.answer(turn())))


def test_a_second_turn_at_the_same_time_is_refused(engine: Engine) -> None:
    first = engine.answer(turn())
    next(first)
    refused = list(engine.answer(turn()))
    assert len(refused) == 1 and isinstance(refused[0], TurnFailed)
    done(list(first))


def test_a_budget_too_small_for_a_decoder_fails_that_artifact(tiny_bundle: Bundle) -> None:
    model = fit(tiny_bundle, Places(10**9)).pooled
    with Engine(tiny_bundle, device="cpu", threads=1, memory_budget=model + 200_000) as engine:
        events = list(engine.answer(turn()))
    reasons = [str(e.problem) for e in only(ArtifactFailed, events)]
    assert len(reasons) == 3 and all("memory" in reason for reason in reasons)
    assert done(events).reply.parts


def test_under_a_budget_decoders_take_turns(tiny_bundle: Bundle) -> None:
    budget = fit(tiny_bundle, Places(10**9)).pooled + 1_300_000
    with Engine(tiny_bundle, device="cpu", threads=1, memory_budget=budget) as engine:
        events = list(engine.answer(turn()))
        assert engine.memory.peak <= budget
    assert len(only(ArtifactReady, events)) == 3


def test_without_a_wish_the_budget_is_most_of_what_the_machine_can_give(
    tiny_bundle: Bundle,
) -> None:
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        engine.load()
        assert 0 < (engine.memory.budget or 0) < available_bytes() + 2**26
        assert [r.size for r in engine.memory.residents()] == [
            fit(tiny_bundle, Places(10**9)).pooled
        ]


def test_with_too_little_memory_the_context_is_shorter_and_that_is_said(
    tiny_bundle: Bundle,
) -> None:
    long = msgspec.structs.replace(tiny_bundle.manifest.language_model, n_ctx=8192)
    manifest = msgspec.structs.replace(tiny_bundle.manifest, language_model=long)
    bundle = Bundle(manifest, tiny_bundle.folder)
    said: list[Problem] = []
    budget = fit(bundle, Places(10**9)).pooled * 3 // 4
    with Engine(
        bundle, device="cpu", threads=1, memory_budget=budget, on_notice=said.append
    ) as engine:
        done(list(engine.answer(turn())))
        assert sum(resident.size for resident in engine.memory.residents()) <= budget
    assert len(said) == 1 and "8192" in str(said[0])


def test_a_model_that_cannot_fit_is_refused_with_both_numbers(tiny_bundle: Bundle) -> None:
    with Engine(tiny_bundle, device="cpu", threads=1, memory_budget=2**20) as engine:
        events = list(engine.answer(turn()))
    assert len(events) == 1 and isinstance(events[0], TurnFailed)
    assert "only 1 MiB may be used" in str(events[0].problem)
