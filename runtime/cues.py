"""Which media the words of a request may ask for, by the words alone, in English and Chinese.

The first and cheap half of the decision whether an answer holds a picture, a sound or a clip:
words that name none of them can ask for none, and cost nothing more. What stays possible is
decided by the language model (`runtime.media_choice`). So the lists are wide: "what a beautiful
picture" has a cue and asks for nothing. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_ENGLISH = {
    "image": (
        r"draw(ing|s|n)?|paint(ing|s|ed)?|sketch(es|ing|ed)?|illustrat\w*|doodle\w*|depict\w*|"
        r"pictures?|pics?|images?|photos?|photographs?|portraits?|posters?|logos?|icons?|"
        r"wallpapers?|postcards?|cartoons?|clip ?arts?|visuali[sz]e|render(ing)?|design|"
        r"show (me|us|her|him|them)|let (me|us|her|him|them) (see|look)|(to|can|could|wanna) see|"
        r"looks? like|take a look|have a look"
    ),
    "audio": (
        r"sounds?|noises?|audio|hear(ing)?|listen(ing)?|recordings?|play|ambien\w+|sound ?effects?|"
        r"jingles?|tunes?|beeps?|roars?|barks?|chirps?|moos?|meows?"
    ),
    "video": (
        r"videos?|clips?|film(s|ed|ing)?|movies?|animat\w*|footage|gifs?|moving picture\w*|"
        r"motion pictures?|time-?lapse\w*|cartoons?"
    ),
}
_CHINESE = {
    "image": (
        r"画|繪|绘|图|圖|照片|相片|海报|壁纸|头像|素描|看看|看一看|看一下|给我看|瞧瞧|长什么样|"
        r"什么样子|来张|来一张"
    ),
    "audio": r"声|聲|音|听|聽|播放|放一段|放一下|叫一",
    "video": r"视频|影片|短片|录像|动画|动图|电影|片段|拍一|拍个|拍段|录一|录个|录段|小片",
}
_CUES = {
    modality: re.compile(rf"\b(?:{_ENGLISH[modality]})\b|{_CHINESE[modality]}", re.IGNORECASE)
    for modality in _ENGLISH
}
_AGAIN = re.compile(
    r"\b(?:again|another|more|now|instead|make (?:it|him|her|them|that|this)|change|turn it|but|"
    r"same|without|add|remove|put|bigger|smaller|larger|darker|brighter|louder|softer|faster|slower|"
    r"in (?:red|blue|green|yellow|black|white|orange|purple|pink|brown))\b|"
    r"再|换|改|变|另|还要|加上|去掉|大一点|小一点|快一点|慢一点|也要|现在",
    re.IGNORECASE,
)
_SHORT = 120
"""Characters of a message that may ask for a change of what was made before."""


def cues(text: str, made_before: Collection[str] = ()) -> frozenset[str]:
    """Modalities that `text`, a person's message, may ask for.

    Args:
        text: what was written.
        made_before: modalities of what the answer before it holds: a short message may ask for
            another one, or for a change, without naming it.
    """
    found = {modality for modality, cue in _CUES.items() if cue.search(text)}
    if made_before and len(text) <= _SHORT and _AGAIN.search(text):
        found |= set(made_before)
    return frozenset(found)
