"""How the face moves: its mouth by visemes and loudness, all else by its state and a seed.

A function of time alone, so any moment can be drawn by itself. `motion.js` of the window says the
same in its language, with the numbers of `artwork.js`; a test compares both.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from plugins.avatar.artwork import Artwork, Pose
from plugins.avatar.visemes import Viseme

STATES = ("idle", "listening", "hearing", "thinking", "speaking", "muted", "failed")
_MASK = 0xFFFFFFFF
_BLINK, _AGAIN, _AWAY, _LEFT, _DOWN, _NOD, _BROW, _SWING = range(8)
"""What chance is asked for."""


class Mouth:
    """The mouth of one piece of speech."""

    def __init__(
        self, artwork: Artwork, visemes: Sequence[Viseme], loudness: Sequence[float] = ()
    ) -> None:
        """`loudness` stands for every 20 ms, 0 to 1; without it each shape opens fully."""
        self._motion = artwork.motion
        self._loudness = loudness
        self._kept = thinned(visemes, artwork.seen, self._motion["closest_s"])
        own = [artwork.poses[viseme.shape] for viseme in self._kept]
        rest = artwork.poses["sil"]
        around = [rest, *own, rest]
        self._poses = [
            _mixed(_mixed(around[i], around[i + 2], 0.5), pose, artwork.firm[viseme.shape])
            for i, (viseme, pose) in enumerate(zip(self._kept, own, strict=True))
        ]
        self._rest = rest
        self._starts = [viseme.start_s for viseme in self._kept]

    def at(self, t: float) -> Pose:
        """The mouth's part of the pose, `t` seconds from the beginning of the sound."""
        index = bisect_right(self._starts, t) - 1
        pose = dict(self._shaped(max(index, 0), t))
        jaw, opened = pose.pop("jaw", 0.0), pose.get("open", 0.0)
        if len(self._loudness):
            loud, motion = self._loud(t), self._motion
            pose["open"] = opened * (motion["quiet"] + motion["loud"] * loud) + jaw * loud
        return pose

    def _shaped(self, index: int, t: float) -> Pose:
        """The shape at `index`, on its way from the one before and to the one after it."""
        if not self._kept:
            return self._rest
        held = [_held(viseme, self._motion["fade_s"]) for viseme in self._kept[index : index + 2]]
        if t > held[0][1] and len(held) == 2:
            return self._between(index, index + 1, t, held[0][1], held[1][0])
        if t < held[0][0] and index > 0:
            left = _held(self._kept[index - 1], self._motion["fade_s"])[1]
            return self._between(index - 1, index, t, left, held[0][0])
        return self._poses[index]

    def _between(self, index: int, following: int, t: float, left: float, arrives: float) -> Pose:
        share = smooth((t - left) / max(arrives - left, 1e-6))
        return _mixed(self._poses[index], self._poses[following], share)

    def _loud(self, t: float) -> float:
        place: float = t / self._motion["step_s"] - 0.5
        index = math.floor(place)
        last = len(self._loudness) - 1
        before = float(self._loudness[min(max(index, 0), last)])
        after = float(self._loudness[min(max(index + 1, 0), last)])
        return before + (after - before) * float(place - index)


def thinned(visemes: Sequence[Viseme], seen: Pose, closest_s: float) -> list[Viseme]:
    """At most one viseme in `closest_s` seconds, middle to middle: of two that are closer the one
    that is seen more stays. `seen` says how much each shape is, for its length."""
    kept: list[Viseme] = []
    for viseme in visemes:
        if kept and _middle(viseme) - _middle(kept[-1]) < closest_s:
            if _seen(viseme, seen) <= _seen(kept[-1], seen):
                continue
            kept.pop()
        kept.append(viseme)
    return kept


def pose_at(
    artwork: Artwork, t: float, state: str, seed: int = 0, mouth: Pose | None = None
) -> Pose:
    """The whole pose at `t` seconds in a state; `mouth` where it speaks."""
    motion, alive = artwork.motion, artwork.motion["alive"][state]
    pose: dict[str, float] = dict(artwork.looks[state])
    _add(pose, artwork.poses["sil"] if mouth is None else mouth)
    for index, (channel, size, every_s) in enumerate(motion["swings"]):
        phase = 2 * math.pi * (t / every_s + chance(seed, _SWING, index))
        _add(pose, {channel: alive["swing"] * size * math.sin(phase)})
    glance = _glance(motion, t, seed)
    _add(pose, {name: alive["glance"] * size for name, size in glance.items()})
    nod = _now_and_then(t, seed, _NOD, motion["nod_every_s"], motion["nod_often"], motion["nod_s"])
    _add(pose, {"nod": alive["nod"] * motion["nod_deep"] * nod})
    brow = _now_and_then(
        t, seed, _BROW, motion["brow_every_s"], motion["brow_often"], motion["brow_s"]
    )
    _add(pose, {"brow_up": alive["brow"] * motion["brow_high"] * brow})
    lid = pose.get("lid", 0.0)
    pose["lid"] = lid + (1 - lid) * _blink(motion, t, seed)
    return pose


def smooth(share: float) -> float:
    """0 to 1 without a jolt in speed or acceleration."""
    x = min(max(share, 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)


def chance(seed: int, kind: int, index: int) -> float:
    """A number from 0 to 1 that looks random, the same here and in the window."""
    x = (seed * 0x9E3779B1 + kind * 0x85EBCA6B + index * 0xC2B2AE35 + 0x27D4EB2F) & _MASK
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & _MASK
    x = ((x ^ (x >> 15)) * 0x846CA68B) & _MASK
    return (x ^ (x >> 16)) / 2**32


def _blink(motion: Pose, t: float, seed: int) -> float:
    """How far the lids are shut by a blink."""
    every_s = motion["blink_every_s"]
    slot = math.floor(t / every_s)
    shut = 0.0
    for index in (slot - 1, slot):
        since = t - (index + 0.08 + 0.8 * chance(seed, _BLINK, index)) * every_s
        shut = max(shut, _one_blink(motion, since))
        if chance(seed, _AGAIN, index) < motion["blink_twice"]:
            shut = max(shut, _one_blink(motion, since - motion["blink_again_s"]))
    return shut


def _one_blink(motion: Pose, since_s: float) -> float:
    if since_s < motion["blink_shut_s"]:
        return smooth(since_s / motion["blink_shut_s"])
    return 1 - smooth((since_s - motion["blink_shut_s"]) / motion["blink_open_s"])


def _glance(motion: Pose, t: float, seed: int) -> dict[str, float]:
    """Where the eyes look beside the person they talk to."""
    every_s = motion["glance_every_s"]
    slot = math.floor(t / every_s)
    share = smooth((t / every_s - slot) * every_s / motion["glance_s"])
    return dict(_mixed(_target(motion, slot - 1, seed), _target(motion, slot, seed), share))


def _target(motion: Pose, slot: int, seed: int) -> dict[str, float]:
    away = chance(seed, _AWAY, slot) < motion["glance_away"]
    if not away:
        return {"gaze_x": 0.0, "gaze_y": 0.0}
    across, down = chance(seed, _LEFT, slot) * 2 - 1, chance(seed, _DOWN, slot) * 2 - 1
    return {"gaze_x": motion["glance_x"] * across, "gaze_y": motion["glance_y"] * down}


def _now_and_then(
    t: float, seed: int, kind: int, every_s: float, often: float, long_s: float
) -> float:
    """A soft rise and fall, 0 to 1, in some of the times that follow one another."""
    slot = math.floor(t / every_s)
    if chance(seed, kind, slot) >= often:
        return 0.0
    share = (t - slot * every_s) / long_s
    return math.sin(math.pi * share) ** 2 if share < 1 else 0.0


def _held(viseme: Viseme, fade_s: float) -> tuple[float, float]:
    """From when to when a viseme's shape stands still."""
    fade = min(fade_s, (viseme.end_s - viseme.start_s) / 2)
    return viseme.start_s + fade, viseme.end_s - fade


def _middle(viseme: Viseme) -> float:
    return (viseme.start_s + viseme.end_s) / 2


def _seen(viseme: Viseme, seen: Pose) -> float:
    return (viseme.end_s - viseme.start_s) * seen[viseme.shape]


def _mixed(one: Pose, other: Pose, share: float) -> Pose:
    names = {*one, *other}
    return {n: one.get(n, 0.0) * (1 - share) + other.get(n, 0.0) * share for n in names}


def _add(pose: dict[str, float], more: Pose) -> None:
    for name, size in more.items():
        pose[name] = pose.get(name, 0.0) + size
