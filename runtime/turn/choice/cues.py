"""The media that a request may ask for by its words alone, in English and Chinese.

The first and cheap half of the decision whether an answer holds a picture, a sound or a clip:
questions, tasks for words and statements ask for none, and cost nothing more. What stays possible
is decided by the language model (`media_choice`). So the lists are wide: "what a beautiful picture"
has a cue and asks for nothing. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

_ENGLISH = {
    "image": (
        r"draw(ing|s|n)?|paint(ing|s|ed)?|sketch(es|ing|ed)?|illustrat\w*|doodle\w*|depict\w*|"
        r"pictures?|pics?|images?|photos?|photographs?|portraits?|posters?|logos?|icons?|"
        r"wallpapers?|postcards?|cartoons?|clip ?arts?|watercolou?rs?|visuali[sz]e|"
        r"render(ing)?|design|"
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
    r"\b(?:again|another|more|now|this time|once|instead|make|change|turn|but|same|without|add|"
    r"remove|put|give|it|its|him|her|them|one|bigger|smaller|larger|darker|brighter|louder|softer|faster|slower|"
    r"in (?:red|blue|green|yellow|black|white|orange|purple|pink|brown))\b|"
    r"再|换|改|变|另|还要|加上|去掉|大一点|小一点|快一点|慢一点|也要|现在|它|这个",
    re.IGNORECASE,
)
_SHORT = 120
"""Characters of a message that may ask for a change of what was made before, or for something
without a word for it."""
_LONG = 160
"""Characters of a message from which on a mere word for a medium asks for none."""
_MEDIUM = (
    r"(?:pictures?|images?|photos?|drawings?|sketch|paintings?|portrait|poster|sounds?|noises?|"
    r"recording|videos?|clips?|films?|movies?|animations?|gif|footage)"
)
_DEMANDS = re.compile(
    r"\b(?:draw|paint|sketch|illustrate|animate|generate|visuali[sz]e|play|let(?:'s| us| me) "
    r"(?:see|hear|listen|watch)|(?:wants?|like|love) to (?:see|hear|listen|watch)|looks? like|"
    r"(?:show|make|create|give|get|send|need|have|want|film|record|produce|render|hoping|"
    r"would like|would love|would enjoy)\b[^.?!]{0,40}\b"
    rf"{_MEDIUM})\b|"
    r"画(?:[一个只张幅出给下]|两|三)|给我[看听画放播来]|听听|听一[下听]|放[一段首]|播放|来一?张|生成|"
    r"[做拍录][一个段]|制作|让我[看听]|看看|长(?:啥|什么)样",
    re.IGNORECASE,
)
_TALKS_ABOUT = re.compile(
    r"^\W*(?:(?:please|kindly|so|and|ok|okay|hey|hi|hello|well|now|stop|wait|sorry|thanks|"
    r"thank you|actually|can you|could you|would you|"
    r"will you|help me(?: to)?|i want you to|i need you to)\W+)*"
    r"(?!how do(?:es)? (?:(?:a|an|the) )?\w+ (?:sound|look)\b)(?:how (?:do|does|did|can|could|"
    r"should|would|to|much|many|long|is|are|was|were)|why|who|whose|when|where|which|"
    r"what (?:is|are|was|were|makes|made|did|would|should|kind|time|do)|"
    r"what does (?:the word|this|that|it)|what's|whats|summari[sz]e|rewrite|rephrase|paraphrase|"
    r"translate|correct|proofread|explain|define|spell|shorten|improve|fix|check|compare|list|"
    r"recommend|suggest|describe|write|compose|tell)\b",
    re.IGNORECASE,
)
_TALKS_ABOUT_CHINESE = re.compile(
    r"怎么|怎样|如何|为什么|为何|是谁|谁[是写画拍发]|哪[个里部位些一]|什么意思|是什么|多少|总结|概括|"
    r"改写|改通顺|通顺|润色|翻译|译成|解释|推荐|备份|这句话|写一?[首篇段个封]"
)
_TELLS = re.compile(
    r"^\W*(?:i (?:really |just |also |always )?(?:love|like|enjoy|hate|prefer|lost|heard|saw|"
    r"watched|took|bought|was|am|went|have been|think|know|had|found|remember)|i'm|i've|my|our|his|"
    r"her|their|the|this|that|it|there|we|they|he|she|yesterday|today|last)\b|"
    r"^\W*(?:我(?:很|真|最|非常)?(?:喜欢|爱|讨厌|觉得|知道|记得)|我(?:今天|昨天|刚|们)|昨天|今天|他|她)",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"^\W*(?:(?:now|then|and|so|ok|okay|hey|hi|hello)\W+)*(?:please|can|could|would|will|may|might|let|"
    r"give|get|show|make|create|put|do|bring|produce|record|imitate|ring|turn|whip|mock|design|build|"
    r"prepare|surprise|i want|i wish|i wonder|i need|we need|some|how about|what about|a|an)\b|"
    r"please\W*$|\b(?:would|'d|’d) (?:like|love|enjoy|be (?:so |very )?(?:great|nice|lovely|good|"
    r"fun|wonderful|happy|glad))\b|\b(?:hoping|wondering|in the mood) (?:for|if|to)\b|"
    r"我[想要需]|给我|帮我|来[个点段张只首]|让|能|可以|请|[做弄整搞设学叫发]|长啥样|怎么叫",
    re.IGNORECASE,
)
_WANTS_WORDS = re.compile(
    r"\b(?:words?|sentences?|paragraphs?|letters?|e-?mails?|tips?|ideas?|advice|recipes?|jokes?|"
    r"stor(?:y|ies)|poems?|riddles?|facts?|names?|lists?|reasons?|answers?|questions?|examples?|"
    r"remind(?:er)?s?|alarms?|notes?|numbers?|code|python|functions?|tell|explain|help|know|say|"
    r"mean|speak|talk|repeat|count|add|calculate|solve|remember|what|why|who|when|where|which|how)\b|"
    r"[讲说问答记读算念背]|故事|笑话|谜语|诗|句|词|建议|主意|办法|意思|提醒|名字|几[点个岁]|叫什么",
    re.IGNORECASE,
)
"""Where a wish without a word for a medium is for words."""
_JOINED = re.compile(
    r"\b(?:and|also|then|plus|with|too|as well)\b|[和也再并跟与还]|，", re.IGNORECASE
)
_MEDIA = frozenset(_ENGLISH)
_NEXT_CLAUSE = re.compile(r"[?,;.!？，；。！]|\b(?:and|then)\b", re.IGNORECASE)
_MATERIAL = re.compile(r"[:：\n]")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|「[^」]*」|《[^》]*》|(?<!\w)'[^']*'(?!\w)")


@dataclass(frozen=True)
class Cues:
    """The media that the words of a message may ask for."""

    modalities: frozenset[str]
    strength: Literal["demanded", "named", "again", "open"] = "named"
    """`demanded`: something to look at or to listen to is plainly demanded ("draw", "let me
    hear"). `named`: a word for it occurs. `again`: none does, but it may be about what was made
    before ("now make it blue"). `open`: none does, but it is a wish of some kind."""
    joined: bool = False
    """True if something to look at and something to listen to are named, joined by an "and"."""


def cues(text: str, made_before: Collection[str] = ()) -> Cues:
    """The media that `text`, a user's message, may ask for.

    What stands in quotation marks asks for nothing. Neither does a question or a task that is about
    words ("how do I edit a video?", "translate: a picture of ...") or what a person tells of
    themselves, unless something is demanded in it as well.

    Args:
        text: what was written.
        made_before: modalities of what the answer before it holds: a short message may ask for
            another one, or for a change, without naming it.
    """
    text = _QUOTED.sub(" ", text)
    demanded = bool(_DEMANDS.search(_MATERIAL.split(text, maxsplit=1)[0]))
    wished = bool(_WISHES.search(text))
    if _only_about_words(text):
        return Cues(frozenset())
    found = frozenset(modality for modality, cue in _CUES.items() if cue.search(text))
    if not found and len(text) <= _SHORT and made_before and _AGAIN.search(text):
        return Cues(_MEDIA, "again")
    if _TELLS.search(text) and not (demanded or wished):
        return Cues(frozenset())
    if found and (demanded or len(text) < _LONG):
        joined = "audio" in found and len(found) > 1 and bool(_JOINED.search(text))
        return Cues(found, "demanded" if demanded else "named", joined)
    open_ = wished and len(text) <= _SHORT and not _WANTS_WORDS.search(text)
    return Cues(_MEDIA if open_ else frozenset(), "open")


def _only_about_words(text: str) -> bool:
    """True if it is a question or a writing task, and demands nothing else. Text after a colon or a
    new line is material and asks for nothing."""
    task = _MATERIAL.split(text, maxsplit=1)[0]
    if _TALKS_ABOUT.search(text):
        _, *clauses = _NEXT_CLAUSE.split(task)
        return not _DEMANDS.search(" ".join(clauses))
    return bool(_TALKS_ABOUT_CHINESE.search(text)) and not _DEMANDS.search(task)
