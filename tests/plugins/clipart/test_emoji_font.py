"""The colour emoji font: found, told when missing, and drawn without dark edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plugins.clipart import emoji_font
from plugins.clipart.emoji_font import EmojiFont
from plugins.errors import KnownError


@pytest.fixture
def font() -> EmojiFont:
    try:
        return emoji_font.find()
    except KnownError as missing:
        pytest.skip(str(missing))


def test_the_environment_names_a_font_before_the_system_s(
    font: EmojiFont, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.ttf"
    own.symlink_to(font.path)
    monkeypatch.setenv(emoji_font.VARIABLE, str(own))

    assert emoji_font.find().path == own


def test_a_font_without_colours_or_no_font_at_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    plain = next(Path(matplotlib.get_data_path()).rglob("DejaVuSans.ttf"))
    text = tmp_path / "text.ttf"
    text.write_text("no font")
    for path in (plain, text):
        monkeypatch.setenv(emoji_font.VARIABLE, str(path))
        with pytest.raises(KnownError, match="install Noto Color Emoji"):
            emoji_font.find()


def test_a_glyph_is_cut_to_what_is_seen_and_its_edges_are_not_dark(font: EmojiFont) -> None:
    heart = np.asarray(font.draw("❤️"), np.int16)

    alpha = heart[..., 3]
    assert all(edge.max() > 0 for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]))
    edge = heart[(alpha > 60) & (alpha < 200)]
    assert np.median(edge[:, 0]) > 180


def test_sequences_are_one_picture_or_not_there(font: EmojiFont) -> None:
    assert font.has("🐈‍⬛")
    assert not font.has("🐈🎂")
    assert not font.has("\U0010fffd")
    with pytest.raises(KnownError, match="found no such glyph"):
        font.draw("\U0010fffd")
