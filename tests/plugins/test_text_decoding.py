"""Texts are decoded whatever they were written in; binary data is no text."""

from __future__ import annotations

import random

import pytest

from plugins.text_decoding import decoded, encoding_of, looks_binary

SENTENCES = {
    "utf-8": "Naïve café, 你好，мир.",
    "gbk": "离线助手可以回答问题，不需要网络。今天天气很好。",
    "gb2312": "你好，世界。",
    "big5": "離線助手可以回答問題，今天天氣很好，我們去公園散步吧。",
    "cp932": "今日はとても良い天気ですね。公園へ行きましょう。カタカナもあります。",
    "cp949": "오늘은 날씨가 아주 좋습니다. 공원에 산책하러 갑시다.",
    "cp1252": "He said “hello” – it’s a naïve café; that costs 5 €.",
    "cp1251": "Привет, как дела? Сегодня хорошая погода, и мы идем гулять.",
    "koi8_r": "Привет, как дела? Сегодня хорошая погода, и мы идем гулять.",
    "utf-16": "Hello, 你好.",
    "utf-16-le": "It has no mark.",
    "utf-16-be": "It has no mark.",
    "utf-32": "Hello, 你好.",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_a_text_is_decoded(encoding: str) -> None:
    assert decoded(SENTENCES[encoding].encode(encoding)) == SENTENCES[encoding]


def test_ends_of_lines_and_the_mark_of_order_are_not_part_of_it() -> None:
    assert decoded(b"\xef\xbb\xbfone\r\ntwo\rthree\x1a") == "one\ntwo\nthree"


def test_a_sample_may_end_inside_a_character() -> None:
    assert encoding_of("ä".encode()[:1]) is not None
    assert encoding_of(("x" + "你" * 100).encode()[:-1]) == "utf-8"
    assert encoding_of(("你好" * 100).encode("gbk")[:-1]) == "gb18030"


def test_a_broken_character_costs_no_other() -> None:
    text = b"good words " * 7_000
    assert decoded(text + b"\xff\xfe end") == (text.decode() + "\ufffd\ufffd end")


@pytest.mark.parametrize("size", [30, 100, 5_000, 70_000])
def test_random_bytes_are_no_text(size: int) -> None:
    generator = random.Random(size)
    assert not any(encoding_of(generator.randbytes(size)) for _ in range(50))


def test_a_few_controls_of_old_printers_do_no_harm() -> None:
    assert not looks_binary(b"page one\f" + b"words " * 500 + b"\x08")
    assert looks_binary(b"words\0")
    assert looks_binary(b"\x01\x02\x03 words")
