"""The Chinese words around the things of a caption: places, times, verbs, positions, numbers.

Knows no sentence: `clipart_chinese` reads with these.
"""

from __future__ import annotations

COLOURS = {
    word: colour
    for colour, words in {
        "red": "红色 大红 红",
        "orange": "橙色 橘色 橘黄色 橙",
        "yellow": "黄色 金色 金黄色 黄",
        "green": "绿色 绿",
        "blue": "蓝色 深蓝色 蓝",
        "light blue": "浅蓝色 天蓝色 青色",
        "purple": "紫色 紫",
        "pink": "粉色 粉红色 粉红 粉",
        "brown": "棕色 褐色 咖啡色 棕",
        "black": "黑色 黑",
        "white": "白色 雪白 白",
        "grey": "灰色 银色 灰",
    }.items()
    for word in words.split()
}
NUMBERS = {
    "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "十": 9, "几": 3, "一些": 3, "一群": 5, "一堆": 5, "许多": 6, "很多": 6, "好多": 6,
    "一对": 2, "一双": 2, "一排": 4, "一片": 5, "好几": 4, "成群": 5,
    **{str(n): n for n in range(1, 10)},
}  # fmt: skip
MEASURES = frozenset(
    "个只条头匹朵棵辆艘架座栋间位名把张片本颗杯碗瓶件顶双对块台部列群轮串束盏盘份支枝根幅扇口"
)
SCALES = {
    "巨大": 1.5, "很大": 1.3, "大大": 1.3, "大": 1.25, "高大": 1.3, "小小": 0.7, "很小": 0.6,
    "迷你": 0.6, "小": 0.75,
}  # fmt: skip
PLACES = {
    word: place
    for place, words in {
        "sea": "大海 海上 海面 海边 海里 海洋 海 湖 湖面 湖边 湖上 河 河边 河里 水上 水面 "
        "水里 江上 池塘 港口",
        "underwater": "海底 水下 水底 海底世界 珊瑚礁 鱼缸 水族馆",
        "beach": "沙滩 海滩 沙子",
        "desert": "沙漠 戈壁 沙丘",
        "grass": "草地 草 草坪 草原 田野 公园 花园 院子 农场 山坡 田里 野外 户外 乡村 山谷 操场",
        "forest": "森林 树林 丛林 树林里 林子",
        "snow": "雪地 雪里 雪上 冰上 冰面 冰天雪地 南极 北极 冬天",
        "city": "城市 街上 街道 马路 大街 城里 路上 公路 城镇 小镇 村庄 纽约 北京 上海",
        "room": "房间 屋里 客厅 卧室 教室 地板 家里 室内 地毯",
        "table": "桌子 桌上 书桌 餐桌 桌面 柜子 架子",
        "sky": "天空 天上 空中 蓝天",
        "space": "太空 宇宙 银河 星空 外太空 太空中",
        "moon": "月球 月球上 月球表面",
        "stage": "舞台 音乐会 演唱会",
    }.items()
    for word in words.split()
}
TIMES = {
    word: time
    for time, words in {
        "night": "夜晚 晚上 夜里 深夜 夜空 黑夜 午夜 星空下 月光下 夜色 夜景 夜",
        "sunset": "日落 黄昏 傍晚 夕阳 夕阳下 落日",
        "sunrise": "日出 清晨 早晨 早上 黎明 朝阳 晨光",
        "day": "白天 中午 晴天 阳光下 阳光 晴朗 夏天 春天 晴空",
    }.items()
    for word in words.split()
}
WEATHERS = {
    word: weather
    for weather, words in {
        "rain": "下雨 雨中 下雨天 雨天 下着雨 雨里 大雨 小雨 细雨",
        "snowfall": "下雪 雪中 下雪天 下着雪 大雪 雪天 飘雪 雪景",
        "storm": "暴风雨 雷雨 打雷 暴雨",
        "autumn": "秋天 秋季 落叶 秋叶 深秋",
        "fog": "雾 大雾 雾中 薄雾",
        "cloudy": "阴天 多云",
    }.items()
    for word in words.split()
}
POSITIONS = {
    word: relation
    for relation, words in {
        "on": "上面 上边 之上 上 顶上",
        "above": "上方 上空",
        "under": "下面 下边 底下 之下 下方 下",
        "in": "里面 里边 里 中间 之中 中 内",
        "front": "前面 前边 前方 之前 前",
        "behind": "后面 后边 背后 后方 后",
        "beside": "旁边 旁 边上 身边 附近 之间 左边 右边 对面 一起 边",
    }.items()
    for word in words.split()
}
VERBS = {
    word: relation
    for relation, words in {
        "wear": "戴着 戴 穿着 穿 围着 系着 披着 打着领带",
        "hold": "拿着 拿 抱着 抱 捧着 举着 举 握着 提着 吃着 吃 喝着 喝 弹着 弹 拉着 拉 吹着 "
        "吹 敲 打着 打"
        " 玩着 玩 读着 读 看着 看 踢着 踢 放 背着 背 带着 拍 用 咬着 叼着 追着球 演奏 撑着 撑",
        "on": "骑着 骑 坐着 开着 驾驶 乘坐 踩着 趴在",
        "chase": "追着 追 追逐 追赶 跟着",
        "above": "飞过 跳过 越过",
        "": "坐 站着 站 躺着 躺 趴着 趴 睡觉 睡着 睡 跑步 奔跑 跑着 跑 走着 走路 走 飞翔 "
        "飞行 飞着 飞 游泳 游着"
        " 游 跳舞 跳着 跳跃 跳 唱歌 唱着 唱 笑着 微笑 大笑 哭着 漂浮 漂着 航行 行驶 停着 停 "
        "休息 玩耍 散步"
        " 盛开 开花 绽放 升起 落下 挂着 躲 住 生长 燃烧 发光 爬着 爬 工作 学习 写字 画画 "
        "做饭 晒太阳 望着 等待 等",
    }.items()
    for word in words.split()
}
"""The relation that a verb makes to its object; empty where it has none."""
FILLERS = (
    "画一画 画一张 画一幅 请 帮我 给我 我想要 我要 我想 想要 画个 画出 画 生成 制作 做一张 "
    "来一张 一张 一幅 图片 图画 "
    "图像 照片 图 插画 插图 卡通 可爱 漂亮 美丽 好看 快乐 开心 高兴 毛茸茸 胖乎乎 胖 温馨 "
    "宁静 安静 了 着 的话 正在 正 "
    "吧 吗 呢 啊 呀 它 他 她 我们 我 你 那 这 是 会 要 都 也 还 很 非常 特别 地 得 过 起来 "
    "起 去 来 下来 中的 古老 现代 "
    "新鲜 好吃 美味 热 冷 圆 长 高 老 年轻 聪明 勇敢 微 满 手里 手中 头上 身上 脸上 嘴里 "
    "身穿 头戴 风格 场景 满天 热气腾腾 向 往 朝 要 "
    "景色 风景 一下 表情 笑 有趣 神奇 闪亮 晴 明亮 彩色 五颜六色 金 幸福 悠闲 慢慢 静静 欢快 "
    "独自 孤独 , ， 。 . ! ！ ? ？ 、"
).split()
JOINS = ("和", "与", "跟", "以及", "、", "，", ",", "；")
GROUPS = {
    "一家人": "family", "全家": "family", "全家人": "family", "野餐": "picnic", "水果": "fruit",
    "蔬菜": "vegetables", "动物": "animals", "小动物": "animals", "宠物": "pets",
    "乐器": "instruments", "早餐": "breakfast", "圣诞节": "christmas", "万圣节": "halloween",
    "复活节": "easter", "生日": "birthday", "生日派对": "birthday", "太阳系": "solar system",
}  # fmt: skip
"""Words for several things, as `clipart_words.GROUPS` has them."""
