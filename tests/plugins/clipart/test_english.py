"""Reading captions for clip art: things, relations, places, and what has no glyph."""

from __future__ import annotations

import pytest

from plugins.clipart.renderer import read
from plugins.clipart.scene import Item, Scene


def told(item: Item) -> str:
    """`2 red 🐕 +🎩 *🎸`: how many, the colour, the glyph, what it wears and holds."""
    words = [str(item.count)] if item.count > 1 else []
    words += [item.colour] if item.colour else []
    words.append(item.thing.glyph)
    words += [f"+{told(part)}" for part in item.wears] + [f"*{told(part)}" for part in item.holds]
    return " ".join(words)


def summary(scene: Scene) -> str:
    """The items with their relations between them, then the ground."""
    parts = [told(item) for item in scene.items[:1]]
    for relation, item in zip(scene.relations, scene.items[1:], strict=True):
        parts += [relation, told(item)]
    ground = [scene.place, scene.time, scene.weather, scene.ground_colour]
    return " ".join([*parts, *(f"[{word}]" for word in ground if word)])


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("a cat wearing a hat", "🐈 +🎩"),
        ("a cat in a hat", "🐈 +🎩"),
        ("a dog next to a tree", "🐕 beside 🌳"),
        ("three apples", "3 🍎"),
        ("some flowers", "3 🌸"),
        ("a bird in a tree", "🐦 in 🌳"),
        ("an orange cat and an orange", "orange 🐈 beside 🍊"),
        ("a robot playing the guitar", "🤖 *🎸"),
        ("a dog wearing a red scarf and a hat", "🐕 +red 🧣 +🎩"),
        ("two puppies chasing a kitty in the park", "2 🐕 chase 🐈 [grass]"),
        ("a sailboat on the ocean under a starry sky", "⛵ [sea] [night]"),
        ("an astronaut riding a horse on the moon", "🧑‍🚀 on 🐎 [moon]"),
        ("a sunrise over mountains", "3 ⛰️ [sunrise]"),
        ("a basket of apples", "3 🍎 in 🧺"),
        ("a bowl of soup", "🍲"),
        ("a bunch of flowers", "💐"),
        ("a flower with a blue background", "🌸 [blue]"),
        ("A picture of a cute, fluffy white cat sleeping on a sofa!", "white 🐈 on 🛋️"),
        ("the king's crown", "👑"),
        ("an automobile in the rain at night", "🚗 [night] [rain]"),
        ("birthday", "🎂 beside 🎈 beside 🎁"),
        ("a chocolate cake", "🎂"),
        ("a polar bear on a small piece of ice", "🐻‍❄️ on 🧊"),
        ("a happy family having dinner", "👨 beside 👩 beside 👧 beside 👦 *🍽️"),
        ("a tree with orange and red leaves", "🌳 beside 3 red 🍁"),
        ("a lion with a crown", "🦁 +👑"),
        ("a bowl of fruit", "🍎 beside 🍌 beside 🍇 in 🥣"),
        ("一只戴帽子的猫", "🐈 +🎩"),
        ("一只小熊抱着蜂蜜罐", "🐻 *🍯"),
        ("一只狗一只猫", "🐕 beside 🐈"),
        ("一篮水果", "🍎 beside 🍌 beside 🍇 in 🧺"),
        ("一碗热气腾腾的面条", "🍜"),
        ("一只猫戴着红色的围巾", "🐈 +red 🧣"),
        ("三个苹果", "3 🍎"),
        ("树上的鸟", "🐦 on 🌳"),
        ("猫在沙发上睡觉", "🐈 on 🛋️"),
        ("桌子上有一杯咖啡和一本书", "☕ beside 📕 [table]"),
        ("两只狗在公园里追一只猫", "2 🐕 chase 🐈 [grass]"),
        ("弹吉他的机器人", "🤖 *🎸"),
        ("骑自行车的熊猫", "🐼 on 🚲"),
        ("一辆蓝色的汽车停在房子前面", "blue 🚗 front 🏠"),
        ("一篮子苹果", "🍎 in 🧺"),
        ("蓝色背景的花", "🌸 [blue]"),
        ("画一张海边日落的图片", "[sea] [sunset]"),
        ("下雨天打伞的小女孩", "👧 *☂️ [rain]"),
    ],
)
def test_a_caption_is_read_as_what_it_shows(caption: str, shown: str) -> None:
    scene = read(caption)

    assert summary(scene) == shown
    assert scene.missing == ()


@pytest.mark.parametrize(
    ("caption", "missing"),
    [
        ("a portrait of Einstein", ("einstein",)),
        ("my grandmother's kitchen", ("kitchen",)),
        ("a logo for my company", ("logo", "company")),
        ("the Eiffel tower at night", ("tower",)),
        ("an apple orchard", ("orchard",)),
        ("a hot air balloon", ("hot air balloon",)),
        ("a windowsill with a cat", ("windowsill",)),
        ("我奶奶的厨房", ("厨房",)),
        ("埃菲尔铁塔", ("埃菲尔铁塔",)),
        ("苹果园", ("苹果园",)),
    ],
)
def test_what_has_no_glyph_is_missing_when_the_caption_is_about_it(
    caption: str, missing: tuple[str, ...]
) -> None:
    assert read(caption).missing == missing


@pytest.mark.parametrize(
    ("caption", "unknown", "left_out"),
    [
        ("a cat on a windowsill", ["windowsill"], []),
        ("a gothic castle", [], ["gothic"]),
        ("a cat that looks grumpy", [], ["grumpy"]),
        ("一只猫在窗台上", ["窗台"], []),
    ],
)
def test_details_are_left_out(caption: str, unknown: list[str], left_out: list[str]) -> None:
    scene = read(caption)

    assert (scene.unknown, scene.left_out) == (unknown, left_out)
    assert scene.missing == ()


def test_names_that_unicode_gives_are_known_beside_everyday_words() -> None:
    assert summary(read("a mechanical arm")) == "🦾"
    assert summary(read("自由女神像")) == "🗽"
    assert summary(read("a statue of liberty at night")) == "🗽 [night]"
