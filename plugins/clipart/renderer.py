"""Pictures put together from the glyphs of the system's colour emoji font: `medley.clipart`.

A second renderer of pictures, for captions that a small decoder's text encoder does not know. It
needs no weights and no decoder folder, draws at any size, and is said to be clip art: by its id and
by its parameter `style`, which stand in every file's recipe. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from plugins.api import (
    Artifact,
    Condition,
    Decoder,
    Float32,
    Parameter,
    ParameterValue,
    Recipe,
    Renderer,
    Stage,
    check_parameters,
)
from plugins.clipart import chinese, emoji_font, english
from plugins.clipart.drawing import draw
from plugins.clipart.emoji_font import EmojiFont
from plugins.clipart.furniture import furnished
from plugins.clipart.scene import Scene
from plugins.errors import KnownError
from plugins.media_files import png

STYLE = "clip art"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class ClipArtRenderer(Renderer):
    """A caption in English or Chinese -> PNG. Settings: `font`, the path of a font file, and
    defaults of the parameters."""

    id = "medley.clipart"
    version = "1"
    modality = "image"
    parameters: tuple[Parameter, ...] = (
        Parameter("width", "int", 512, "Width of the picture", 64, 2048, unit="px"),
        Parameter("height", "int", 512, "Height of the picture", 64, 2048, unit="px"),
        Parameter("style", "choice", STYLE, "What kind of picture it is", choices=(STYLE,)),
    )

    def __init__(self, decoder: Decoder) -> None:
        """Reads no file.

        Raises:
            KnownError: a setting does not fit its parameter.
        """
        super().__init__(decoder)
        self.parameters = tuple(
            replace(p, default=p.check(decoder.settings[p.name]))
            if p.name in decoder.settings
            else p
            for p in type(self).parameters
        )

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Draw what the caption shows.

        Raises:
            KnownError: the condition is no caption, nothing in it has a glyph, or this machine has
                no colour emoji font.
            Cancelled: the stage asked to stop.
        """
        values = check_parameters(self.parameters, parameters)
        stage.progress(0, 1)
        scene = self._scene(condition)
        width, height = int(values["width"]), int(values["height"])
        pixels = draw(scene, self._font(), width, height, stage.seed)
        recipe = Recipe(
            self.id, self.version, self.modality, self.decoder.bundle, condition, values, stage.seed
        )
        stage.progress(1, 1)
        file = png(pixels, recipe)
        return Artifact(
            self.modality, file.mime, file.data, file.extension, recipe, width=width, height=height
        )

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        """Things without a glyph, if the caption is about them; details without a glyph are listed
        by `left_out` instead.

        Raises:
            KnownError: this machine has no colour emoji font.
        """
        scene = self._read(caption)
        if scene.empty:
            return scene.missing or (caption.strip() or "nothing",)
        return scene.missing

    def left_out(self, caption: str) -> tuple[str, ...]:
        """The words of a caption that the picture will not show.

        Raises:
            KnownError: this machine has no colour emoji font.
        """
        scene = self._read(caption)
        return tuple(dict.fromkeys([*scene.unknown, *scene.left_out]))

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """There is none: clip art has no text encoder.

        Raises:
            KnownError: always.
        """
        raise KnownError(
            "{id}: expected a renderer with a text encoder to align to, found clip art, "
            "which reads captions only; align to a diffusion decoder.",
            id=self.id,
        )

    def _scene(self, condition: Condition) -> Scene:
        if condition.caption is None:
            raise KnownError(
                "{id}: expected a caption, found an embedding; clip art is drawn for "
                "captions only, so use a bundle with captioned routing.",
                id=self.id,
            )
        unknown = self.unknown_words(condition.caption)
        if unknown:
            raise KnownError(
                "{id}: expected things that have an emoji, found {unknown}; name other "
                "things, or use a Stable Diffusion folder.",
                id=self.id,
                unknown=", ".join(unknown),
            )
        return furnished(self._read(condition.caption))

    def _read(self, caption: str) -> Scene:
        """The scene of the caption; glyphs that the font lacks count as unknown."""
        return _drawable(read(caption), self._font())

    def _font(self) -> EmojiFont:
        return emoji_font.find(str(self.decoder.settings.get("font", "")))


def _drawable(scene: Scene, font: EmojiFont) -> Scene:
    for index in reversed(range(len(scene.items))):
        item = scene.items[index]
        item.wears = [part for part in item.wears if font.has(part.thing.glyph)]
        item.holds = [part for part in item.holds if font.has(part.thing.glyph)]
        if not font.has(item.thing.glyph):
            scene.unknown.append(item.words)
            scene.subject_unknown |= index == 0
            scene.drop(index)
    return scene


def read(caption: str) -> Scene:
    """The scene that a caption in English or Chinese describes."""
    if _CHINESE.search(caption):
        return chinese.read(caption)
    return english.read(caption)
