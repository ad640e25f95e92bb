"""Phrasings that no training dialogue holds, to look at between two trainings. Data only."""

from __future__ import annotations

from training.phrasings.book import Phrases

ENGLISH: dict[str, Phrases] = {
    "request image": (
        "could i see {x}", "let me see {x}", "i need an image of {x}",
        "can i have a drawing of {x}", "make me a picture of {x}",
    ),
    "request audio": (
        "can i hear {x}", "let me listen to {x}", "what sound does {x} make",
        "i need the sound of {x}", "give me a sound like {x}",
    ),
    "request video": (
        "can i watch {x}", "i need a video of {x}", "make me a clip of {x}",
        "may i see a film of {x}", "give me a video of {x}",
    ),
    "both image": ("show me a picture of {x} and play its sound", "let me see and hear {x}"),
    "both video": ("show me a video of {x} and play the sound", "a video of {x} with its sound"),
    "ask image": (
        "tell me what you see", "can you describe this image", "what does this image show",
        "what is in the picture",
    ),
    "ask audio": (
        "tell me what you hear", "can you describe this sound", "what do you hear in this sound",
        "describe the sound",
    ),
    "ask video": (
        "tell me what happens here", "can you describe this clip", "what does this clip show",
        "what is in this video",
    ),
    "turn audio image": (
        "make an image of what you hear", "paint this sound", "show me what makes this sound",
        "what would this look like",
    ),
    "turn audio video": (
        "animate what you hear", "show me a video of this sound", "make a clip of this sound",
        "film what makes this sound",
    ),
    "turn image audio": (
        "make the sound of this", "let me hear this", "how would this sound",
        "play the sound of this picture",
    ),
    "turn image video": (
        "turn this picture into a video", "make a clip of this picture", "let this picture {m}",
        "bring this picture to life",
    ),
    "turn video audio": (
        "make the sound of this video", "let me hear this clip", "how does this clip sound",
        "play the sound of this video",
    ),
    "turn video image": (
        "draw this clip", "make a picture of this video", "paint this",
        "draw what you see in this clip",
    ),
    "edit place": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit time": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit weather": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit colour": ("can you make it {e}", "and now in {e}", "now i want it {e}", "do it in {e}"),
    "edit size": (
        "can you make it {e}", "now a {e} one", "now i want it {e}", "can i have a {e} one",
    ),
    "edit thing": (
        "now with {e}", "and now {e}", "the same but with {e}", "now turn it into {e}",
    ),
    "edit motion": ("can you make it {m}", "and now let it {m}", "now i want it to {m}"),
    "switch audio": ("and how does it sound", "now play its sound", "i want to hear it"),
    "switch image": ("paint it", "now show me a picture of it", "make a picture of it"),
    "switch video": ("make a video of it", "now film it", "show me a clip of it"),
}  # fmt: skip

CHINESE: dict[str, Phrases] = {
    "request image": (
        "请给我一张{x}的图片", "我想要一张图片：{x}", "我需要一幅{x}的画", "给我来一张{x}的画",
        "你会画{x}吗",
    ),
    "request audio": (
        "给我听听{x}", "{x}有什么声音", "能让我听{x}吗", "我要{x}的声音", "你会模仿{x}吗",
    ),
    "request video": (
        "请给我一段{x}的视频", "我想要一段{x}的动画", "能拍{x}吗", "给我做一段视频：{x}",
        "我需要{x}的短片",
    ),
    "both image": ("画{x}，也让我听听", "我要{x}的图片和声音"),
    "both video": ("来一段{x}的视频，让我听听", "我要{x}的视频和声音"),
    "ask image": ("这张图里是什么", "描述一下这张图片", "你看到什么", "说说你看到的"),
    "ask audio": ("你听到什么", "描述一下这个声音", "这个声音是什么", "说说你听到的"),
    "ask video": ("视频里是什么", "描述一下这段视频", "这段短片里发生了什么", "说说这段短片"),
    "turn audio image": (
        "把你听到的画出来", "画这个声音", "给这个声音画一张图片", "给我看看是什么发出的声音",
    ),
    "turn audio video": (
        "把你听到的做成视频", "根据这个声音拍一段短片", "拍这个声音", "给这个声音做一段视频",
    ),
    "turn image audio": (
        "播放这张图片的声音", "给这张图配上声音", "让我听听这张图", "这张图听起来怎么样",
    ),
    "turn image video": (
        "把这张图片做成视频", "让图里的东西动起来", "让这张图片{m}", "把这张图变成动画",
    ),
    "turn video audio": (
        "播放这段短片的声音", "给视频配上声音", "这段短片听起来怎么样", "让我听听这段短片",
    ),
    "turn video image": (
        "把你看到的画出来", "根据这段短片画一张图", "画这段视频", "把这段短片画成图片",
    ),
    "edit place": ("现在换成{e}", "把它换成{e}", "同样的，但是{e}", "能改成{e}吗"),
    "edit time": ("现在换成{e}", "把它换成{e}", "同样的，但是{e}", "能改成{e}吗"),
    "edit weather": ("现在换成{e}", "把它换成{e}", "同样的，但是{e}", "能改成{e}吗"),
    "edit colour": ("把它变成{e}的", "我要{e}的", "能换成{e}的吗", "现在改成{e}的"),
    "edit size": ("把它变成{e}的", "我要{e}的", "能换成{e}的吗", "现在改成{e}的"),
    "edit thing": ("把它换成{e}", "现在要{e}", "能换成{e}吗", "现在改成{e}"),
    "edit motion": ("能让它{m}吗", "把它改成{m}", "我要它{m}"),
    "switch audio": ("放一下它的声音", "现在播放它的声音", "我想听它的声音"),
    "switch image": ("现在把它画出来", "画它", "我想看它的图片"),
    "switch video": ("现在把它做成动画", "拍一段它的视频", "我想看它的视频"),
}  # fmt: skip
