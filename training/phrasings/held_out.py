"""Phrasings that no training dialogue holds, for the numbers that are reported.

Written by somebody who had read none of the others, and read by nobody while Pocket was trained;
of those, the ones whose every word occurs in some training phrasing. Data only.
"""

from __future__ import annotations

from training.phrasings.book import Phrases

ENGLISH: dict[str, Phrases] = {
    "request image": (
        "i want to see a picture of {x}", "please make an image of {x}",
        "i need a drawing of {x}",
    ),
    "request audio": (
        "i would like to hear {x}", "please play me the sound of {x}",
        "can you make the noise of {x}",
    ),
    "request video": ("please make a short video of {x}", "i want to watch a clip of {x}"),
    "both image": (
        "draw {x} and play the sound as well", "make a drawing of {x} with sound to go with it",
    ),
    "both video": (
        "i want a video of {x} with sound", "let me watch a clip of {x} with the sound on",
    ),
    "ask image": (
        "what can you see in this picture", "what is this a picture of",
        "do you know what is in this image",
    ),
    "ask audio": (
        "what is making this sound", "can you tell me what this noise is",
        "what do you hear in this recording",
    ),
    "ask video": (
        "what happens in this video", "can you tell me what is going on in this clip",
        "what do you see when you watch this video", "do you know what is moving in this video",
    ),
    "turn audio image": (
        "draw what you hear in this sound", "can you make a picture from this sound",
        "please turn this recording into an image",
        "what does the thing making this sound look like, draw it for me",
    ),
    "turn audio video": (
        "make a video of what you hear in this sound", "can you turn this sound into a clip",
        "please film the thing in this recording", "use this sound to make a short video",
    ),
    "turn image audio": (
        "what would this picture sound like", "can you play the sound of what is in this photo",
        "i want to hear the thing in this picture", "turn this drawing into sound",
    ),
    "turn image video": (
        "can you turn this picture into a video", "please make this photo move like a short clip",
        "i want a video made from this image", "make the thing in this picture {m}",
        "can you have it {m} in a video of this picture",
    ),
    "turn video audio": (
        "what would this clip sound like", "i want to hear what is in this video",
        "make the sound of the thing in this video",
    ),
    "turn video image": ("please turn this clip into a photo", "draw the thing in this clip"),
    "edit place": ("now put it {e}", "i want the same one but {e}"),
    "edit time": (
        "can you do the same one {e}", "i would like it to be {e}",
        "change the time, i want it {e}", "do that again but {e} this time",
    ),
    "edit weather": (
        "what would it be like {e}", "could you do it again {e}", "i want it {e} now",
    ),
    "edit colour": (
        "could you make it {e}", "change the colour to {e}", "now paint it {e}",
        "can i have it in {e} please",
    ),
    "edit size": (
        "i want it to be {e}", "can it be {e} instead", "please do a {e} one",
        "change the size, make it {e}", "it should be {e}",
    ),
    "edit thing": (
        "now do {e} instead", "can you change it to {e}", "please swap it for {e}",
        "same again but this time with {e} in its place",
    ),
    "edit motion": (
        "now make it {m}", "can it {m} instead", "i want it to {m}",
        "please let it {m} this time",
    ),
    "switch audio": (
        "now let me hear it", "what does it sound like", "can i have that as a sound instead",
        "please play the sound of it", "i would like to listen to that one now",
    ),
    "switch image": (
        "now draw it for me", "can i have that as a picture instead",
        "i would like a picture of that now", "turn that into a photo",
    ),
    "switch video": (
        "now make a video of it", "can i have that as a clip instead",
        "please turn that into a short video", "i would like to watch it as a video",
        "film that for me now",
    ),
}  # fmt: skip

CHINESE: dict[str, Phrases] = {
    "request image": (
        "帮我画一下{x}", "我想要一张{x}的图片", "能不能给我画{x}", "请做一张图，画的是{x}",
        "来一张{x}的照片吧",
    ),
    "request audio": ("我想听听{x}的声音", "{x}听起来是什么样的", "能让我听一下{x}吗"),
    "request video": ("我想看一个{x}的短片",),
    "both image": (
        "画一张{x}的图，再配上声音", "我想要{x}的图片和声音", "请画出{x}，同时放出它的声音",
        "能给我一张{x}的图片，也让我听听它的声音吗", "帮我做一张{x}的图，声音也要",
    ),
    "both video": (
        "拍一段{x}的视频，要有声音", "我想要{x}的视频和声音", "请做一个{x}的短片，再配上声音",
        "能给我一段{x}的有声视频吗", "帮我拍{x}，视频和声音都要",
    ),
    "ask image": (
        "这张图里有什么", "你能看出这张照片里是什么吗", "这幅画画的是什么",
        "请问图片上是什么东西", "你在这张图上看到了什么",
    ),
    "ask audio": (
        "这是什么声音", "你听到了什么", "这段录音里是什么在响", "能听出这是什么发出的声音吗",
        "请问这段声音是从什么东西来的",
    ),
    "ask video": (
        "这段视频里发生了什么", "这个短片拍的是什么", "你在这段视频里看到了什么",
        "能告诉我视频里是什么在动吗",
    ),
    "turn audio image": (
        "把你听到的东西画出来", "根据这段声音画一张图", "能把这个声音变成一张图片吗",
        "我想要一张图，画的是发出这个声音的东西", "请给这段录音画一幅画",
    ),
    "turn audio video": (
        "根据这段声音做一个视频", "能把这个声音变成一段短片吗", "我想看发出这个声音的东西的视频",
        "请把你听到的东西拍成视频",
    ),
    "turn image audio": (
        "这张图里的东西听起来是什么样的", "我想听听照片里这个东西的声音",
        "能放一下图上这个东西的声音吗", "请把这张图变成声音",
    ),
    "turn image video": (
        "能让这张照片动起来吗", "我想把这幅画变成一段短片", "让图里的东西{m}",
        "用这张图做个视频，让它{m}",
    ),
    "turn video audio": (
        "这段视频里的东西听起来是什么样的", "我想听听这个短片的声音",
        "能放一下视频里这个东西的声音吗", "请把这段视频变成声音",
    ),
    "turn video image": (
        "把这段视频变成一张图片", "能从这个视频里给我一张照片吗", "请把短片里的东西画成一张画",
        "给这个视频做一张不动的图片",
    ),
    "edit place": ("让它{e}", "换个地方，要{e}的", "如果它是{e}呢", "我想要它{e}的样子"),
    "edit time": (
        "时间改一下，让它{e}", "同样的再来一个，不过是{e}", "如果是{e}会怎么样",
        "这次我想要它{e}",
    ),
    "edit weather": (
        "换个天气，让它{e}", "要是{e}会是什么样", "再来一次，这次是{e}", "请改成{e}的",
    ),
    "edit colour": ("把它变成{e}", "颜色换成{e}", "我想要{e}的"),
    "edit size": ("能改得{e}一些吗", "换一个{e}的", "再来一次，要{e}的"),
    "edit thing": ("换成{e}", "把它改成{e}吧", "不要这个了，要{e}", "能用{e}来代替它吗"),
    "edit motion": ("现在让它{m}", "我想要它{m}", "这次改成{m}", "动作换一下，要{m}"),
    "switch audio": (
        "现在让我听听它的声音", "它听起来是什么样的", "能换成声音吗", "请放一下它的声音",
    ),
    "switch image": ("能换成一张图片吗", "请给我一张它的照片", "把它变成一张图吧"),
    "switch video": ("现在把它拍成视频", "能换成一段视频吗", "请给我做一个它的短片"),
}  # fmt: skip
