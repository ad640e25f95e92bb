"""How the face moves in time: mouth, lids, eyes and head."""

from __future__ import annotations

import numpy as np
import pytest

from plugins.avatar.artwork import artwork
from plugins.avatar.motion import STATES, Mouth, chance, pose_at, smooth, thinned
from plugins.avatar.visemes import VISEMES, Viseme

FACE = artwork()
TIMES = np.arange(0, 120, 0.02)


def run(*shapes: str, each_s: float = 0.12) -> list[Viseme]:
    return [Viseme(i * each_s, (i + 1) * each_s, shape) for i, shape in enumerate(shapes)]


def test_there_is_a_pose_for_every_viseme_and_a_look_for_every_state() -> None:
    assert tuple(FACE.poses) == VISEMES == tuple(FACE.firm) == tuple(FACE.seen)
    assert tuple(FACE.looks) == STATES == tuple(FACE.motion["alive"])
    named = {name for pose in [*FACE.poses.values(), *FACE.looks.values()] for name in pose}
    assert named - {"jaw"} <= set(FACE.channels)


def test_a_shape_is_reached_in_its_middle_and_left_without_a_jolt() -> None:
    mouth = Mouth(FACE, run("sil", "aa", "PP", "I", "sil", each_s=0.2))

    opened = np.array([mouth.at(t).get("open", 0.0) for t in np.arange(0, 1, 0.001)])

    assert opened[300] == pytest.approx(FACE.poses["aa"]["open"], rel=0.05)
    assert opened[500] == pytest.approx(0, abs=0.5)
    assert np.abs(np.diff(opened)).max() < 0.9  # of 42, in a thousandth of a second
    assert np.abs(np.diff(opened, 2)).max() < 0.05


def test_the_next_shape_begins_60_ms_before_its_time() -> None:
    mouth = Mouth(FACE, run("sil", "aa", "sil", each_s=0.5))

    assert mouth.at(0.43).get("open", 0.0) == pytest.approx(0, abs=0.01)
    assert mouth.at(0.48).get("open", 0.0) > 1
    assert mouth.at(0.57).get("open", 0.0) == pytest.approx(FACE.poses["aa"]["open"], abs=0.01)


def test_a_soft_sound_takes_on_what_is_around_it() -> None:
    between_oo = Mouth(FACE, run("U", "kk", "U")).at(0.18)
    between_ee = Mouth(FACE, run("I", "kk", "I")).at(0.18)

    assert between_oo["wide"] < -5 < 5 < between_ee["wide"]


def test_no_more_than_ten_shapes_a_second_are_shown_and_closures_stay() -> None:
    hurried = run(*("aa", "kk", "nn", "PP") * 10, each_s=0.05)

    kept = thinned(hurried, FACE.seen, 0.1)

    middles = [(v.start_s + v.end_s) / 2 for v in kept]
    assert np.diff(middles).min() >= 0.1 - 1e-9
    assert sum(v.shape == "PP" for v in kept) >= 8


def test_loudness_opens_the_mouth_and_silence_shuts_it() -> None:
    loudness = [0.0] * 25 + [1.0] * 25
    mouth = Mouth(FACE, [Viseme(0, 1, "aa")], loudness)

    assert mouth.at(0.2)["open"] < 0.2 * FACE.poses["aa"]["open"]
    assert 0.8 < mouth.at(0.8)["open"] / FACE.poses["aa"]["open"] < 1.3
    assert "jaw" not in mouth.at(0.8)


def test_a_mouth_without_visemes_rests() -> None:
    assert Mouth(FACE, []).at(3.0).get("open", 0.0) == 0


@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_it_blinks_as_people_do(seed: int) -> None:
    lids = np.array([pose_at(FACE, t, "idle", seed)["lid"] for t in TIMES])
    shut = lids > 0.9
    begins = TIMES[1:][shut[1:] & ~shut[:-1]]

    assert 10 <= len(begins) / 2 <= 25  # a minute
    assert 0.2 < np.diff(begins).min() and np.diff(begins).max() < 9
    assert 0.005 < shut.mean() < 0.08
    assert lids.max() <= 1 + 1e-9


def test_the_same_seed_is_the_same_life_and_another_is_another() -> None:
    first = [pose_at(FACE, t, "speaking", 3) for t in TIMES[:250]]

    assert first == [pose_at(FACE, t, "speaking", 3) for t in TIMES[:250]]
    assert first != [pose_at(FACE, t, "speaking", 4) for t in TIMES[:250]]


def test_the_head_moves_while_it_speaks_and_nods_while_it_hears() -> None:
    poses = {s: [pose_at(FACE, t, s) for t in TIMES[::8]] for s in STATES}
    turns = {s: np.ptp([pose["turn"] for pose in poses[s]]) for s in STATES}
    nods = {s: np.ptp([pose["nod"] for pose in poses[s]]) for s in STATES}

    assert 3 < turns["speaking"] < 14
    assert turns["idle"] == turns["muted"] == 0
    assert nods["hearing"] > 4 > nods["listening"]


@pytest.mark.parametrize("state", STATES)
def test_nothing_jumps_in_any_state(state: str) -> None:
    poses = [pose_at(FACE, t, state, 5) for t in np.arange(0, 20, 0.005)]
    for channel in ("turn", "tilt", "nod", "sway", "brow_up", "smile", "open"):
        moved = np.abs(np.diff([pose.get(channel, 0.0) for pose in poses]))
        assert moved.max() < 0.35, channel


def test_chance_is_even_and_its_questions_do_not_know_each_other() -> None:
    numbers = np.array([[chance(7, kind, i) for i in range(2000)] for kind in range(8)])

    assert 0 <= numbers.min() and numbers.max() < 1
    assert np.abs(numbers.mean(axis=1) - 0.5).max() < 0.04
    assert np.abs(np.corrcoef(numbers) - np.eye(8)).max() < 0.1


def test_smooth_starts_and_ends_at_rest() -> None:
    assert [smooth(x) for x in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    assert smooth(0.01) < 1e-4
