"""Tells requests to be answered by a face that speaks ("answer me as a video"), in English and
Chinese, from those for a clip of something. Knows words alone."""

from __future__ import annotations

import re

SPEAKS = "speaks"
"""In the details of a clip that says the words of its own answer."""
_ENGLISH = (
    r"(?:(?:please|can you|could you|would you|will you|and|then)\s+)*"
    r"(?:(?:answer|reply|respond)(?:\s+(?:to\s+)?(?:me|this|that|it|us))?|"
    r"(?:say|tell|explain)\s+(?:it|that|this|me)(?:\s+(?:to\s+me|this|that|it|again))?|"
    r"give\s+(?:me\s+)?(?:your|the)\s+answer)"
    r"(?:\s+please)?\s+(?:as|in|by|with|through|on)\s+(?:an?\s+)?(?:the\s+form\s+of\s+an?\s+)?"
    r"(?:short\s+)?(?:talking\s+)?(?:video|clip|face)(?:\s+(?:clip|message|answer))?"
    r"(?:\s*,?\s+please)?"
)
_CHINESE = (
    r"(?:请|麻烦)?(?:你)?(?:(?:给我)?(?:用|以)(?:一[个段])?(?:短?视频|影片)(?:的?(?:方式|形式))?来?"
    r"(?:回答|回复|答复|告诉我|说给我听|说)(?:我|一下)?(?:吧)?|"
    r"(?:回答|回复|答复)(?:我)?(?:请)?(?:用|以)(?:一[个段])?(?:短?视频|影片)(?:的?(?:方式|形式))?)"
)
_REQUEST = re.compile(
    rf"(?P<before>^|[.!?,;:\n，。！？；：]|\b)\s*(?:(?:\b{_ENGLISH}\b)|(?:{_CHINESE}))"
    r"\s*(?P<after>[.!?,;:，。！？；：]*)",
    re.IGNORECASE,
)
AGAIN = {"en": "Please say your last answer again.", "zh": "请把你刚才的回答再说一遍。"}
"""What is asked where nothing but the request was said."""


def asks_for_video(text: str) -> bool:
    """Whether a message asks that its answer be a clip of a face that says it."""
    return _REQUEST.search(text) is not None


def without_request(text: str) -> str:
    """A message without that request: what the answer is to be about. The same text where it asks
    for no such thing."""
    found = _REQUEST.search(text)
    if found is None:
        return text
    before, after = text[: found.start()].rstrip(), text[found.end() :].strip()
    mark = found["before"] or ""
    left = before + (mark if before and mark in ".!?。！？\n" else "")
    if before and not after and left[-1:] not in ".!?。！？":
        left += "?" if "?" in found["after"] else ""
    rest = f"{left} {after}".strip(" ,;:，；：")
    if any(letter.isalnum() for letter in rest):
        return rest
    return AGAIN["zh" if re.search(r"[\u3400-\u9fff]", text) else "en"]
