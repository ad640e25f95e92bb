"""Captions in Simplified Chinese: their phrases, the fixed word order and free wordings.

Chinese writes no borders between words, so a phrase stands alone here, without the preposition or
particle that a sentence puts around it. Knows scenes; knows no pixels, no models, no English.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.pocketworld.scene import SHOWN, Scene, pick

# The first phrase of each is the canonical one.
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "thing": {
        "boat": ("船", "轮船", "帆船"),
        "car": ("汽车", "轿车"),
        "train": ("火车", "列车"),
        "bird": ("鸟", "鸟儿", "麻雀"),
        "dog": ("狗", "狗狗"),
        "cat": ("猫", "猫咪"),
        "bell": ("铃铛", "铃"),
        "drum": ("鼓",),
        "ball": ("球", "皮球"),
        "frog": ("青蛙", "蛤蟆"),
        "clock": ("时钟", "钟表", "钟"),
        "bee": ("蜜蜂", "蜂"),
    },
    "colour": {
        "red": ("红色", "红"),
        "orange": ("橙色", "橘色", "橙"),
        "yellow": ("黄色", "金色", "黄"),
        "green": ("绿色", "绿"),
        "blue": ("蓝色", "蓝"),
        "purple": ("紫色", "紫"),
        "white": ("白色", "白"),
        "black": ("黑色", "黑"),
    },
    "place": {
        "sea": ("海上", "大海上", "海面上", "水面上"),
        "grass": ("草地上", "草坪上", "草原上"),
        "sand": ("沙地上", "沙滩上", "沙漠里"),
        "snow": ("雪地上", "雪地里"),
    },
    "time": {
        "day": ("白天", "中午", "正午"),
        "night": ("夜晚", "夜里", "晚上", "深夜"),
        "sunset": ("黄昏", "傍晚", "日落时"),
    },
    "weather": {
        "clear": ("晴天", "天气晴朗", "晴空下"),
        "rain": ("下雨", "雨中", "下着雨", "下大雨", "雨天"),
        "snowfall": ("下雪", "雪中", "下着雪", "下大雪", "雪天"),
        "storm": ("暴风雨", "雷雨", "暴风雨中"),
    },
    "size": {"small": ("小", "小小", "很小"), "big": ("大", "大大", "巨大", "很大")},
    "position": {
        "left": ("左边", "左侧"),
        "middle": ("中间", "中央"),
        "right": ("右边", "右侧"),
    },
    "motion": {
        "still": ("静止不动", "一动不动"),
        "left": ("向左移动", "往左移动", "朝左移动"),
        "right": ("向右移动", "往右移动", "朝右移动"),
        "up": ("向上移动", "往上移动", "朝上移动"),
        "down": ("向下移动", "往下移动", "朝下移动"),
        "bounce": ("蹦蹦跳跳", "跳来跳去"),
        "appear": ("慢慢出现", "渐渐出现"),
        "leave": ("慢慢离开", "渐渐消失"),
    },
}

MEASURE = {
    "boat": "艘", "car": "辆", "train": "列", "bird": "只", "dog": "只", "cat": "只",
    "bell": "个", "drum": "面", "ball": "个", "frog": "只", "clock": "个", "bee": "只",
}  # fmt: skip
"""The word that counts a thing."""


def canonical(scene: Scene, modality: str) -> str:
    """The caption in fixed word order that names every attribute the medium shows."""
    word = {name: PHRASES[name][getattr(scene, name)][0] for name in PHRASES}
    word["one"] = "一" + MEASURE[scene.thing]
    if modality == "audio":
        return "{weather}时{thing}的声音".format(**word)
    if modality == "video":
        return "{one}{colour}的{thing}，{motion}，在{place}，{time}，{weather}".format(**word)
    return "{one}{colour}的{size}{thing}，在{position}，在{place}，{time}，{weather}".format(**word)


def alone(name: str, value: str, phrase: str) -> str:
    """One attribute outside a caption: "一艘船", "在海上", "红色"."""
    if name == "thing":
        return f"一{MEASURE[value]}{phrase}"
    return f"在{phrase}" if name in ("place", "position") else phrase


def varied(
    scene: Scene, modality: str, rng: np.random.Generator, *, keep: float, mention: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """A caption in free wording, and the names of the attributes it states: see `captions.varied`.

    What is said beside the thing stands before it, as its attribute, or after it, between commas.
    """
    said = tuple(n for n in SHOWN[modality] if n in ("thing", *mention) or rng.random() < keep)
    phrase = {name: pick(PHRASES[name][getattr(scene, name)], rng) for name in said}
    circumstances = [n for n in ("time", "weather", "place", "position", "motion") if n in phrase]
    share = 1.0 if modality == "audio" else float(rng.choice([0.0, 0.0, 0.5, 1.0]))
    first = [n for n in circumstances if rng.random() < share]
    before = "".join(_joined(n, phrase[n], last=n == first[-1]) for n in first)
    after = [n for n in circumstances if n not in first]
    rng.shuffle(after)
    return before + _noun(scene.thing, phrase, rng) + _clauses(after, phrase, rng), said


def _joined(name: str, phrase: str, *, last: bool) -> str:
    when = "时" if name == "weather" and phrase[-1] not in "中天下" else ""
    return f"{phrase}{when}{'的' if last else ''}"


def _noun(thing: str, phrase: dict[str, str], rng: np.random.Generator) -> str:
    """The thing with number, colour and size."""
    number = pick((f"一{MEASURE[thing]}", f"一{MEASURE[thing]}", ""), rng)
    words = [phrase[name] for name in ("colour", "size") if name in phrase]
    if rng.random() < 0.3:
        words.reverse()
    *outer, inner = ["", *words]
    attribute = inner if len(inner) < 2 else f"{inner}的"
    if inner and len(inner) < 2 and rng.random() < 0.2:
        attribute = f"{inner}的"
    return number + "".join(f"{word}的" for word in outer if word) + attribute + phrase["thing"]


def _clauses(names: Sequence[str], phrase: dict[str, str], rng: np.random.Generator) -> str:
    text = ""
    for name in names:
        direct = not text and name in ("place", "position", "motion") and rng.random() < 0.5
        needs = name in ("place", "position") or phrase[name] in ("雨中", "雪中", "暴风雨中")
        text += ("" if direct else "，") + ("在" if needs else "") + phrase[name]
    return text
