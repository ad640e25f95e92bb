"""The English words around the things of a caption: places, times, relations, colours, numbers.

Knows no sentence: `clipart_english` reads with these.
"""

from __future__ import annotations

from plugins.clipart.scene import Relation

COLOURS = {
    word: colour
    for colour, words in {
        "red": "red crimson scarlet ruby",
        "orange": "orange",
        "yellow": "yellow golden gold blonde",
        "green": "green emerald",
        "blue": "blue navy azure",
        "light blue": "cyan turquoise teal",
        "purple": "purple violet lavender magenta",
        "pink": "pink rosy",
        "brown": "brown ginger tan chocolate-coloured",
        "black": "black",
        "white": "white",
        "grey": "grey gray silver",
    }.items()
    for word in words.split()
}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "couple": 2, "pair": 2, "both": 2,
    "three": 3, "trio": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 9, "dozen": 9, "several": 4, "some": 3, "few": 3, "many": 6, "lots": 6, "group": 5,
    "bunch": 5, "flock": 5, "herd": 5, "pile": 5, "stack": 4, "row": 4, "field": 7, "set": 3,
    "piece": 1, "slice": 1, "kind": 1, "type": 1, "sort": 1,
    **{str(n): n for n in range(1, 10)},
}  # fmt: skip
PLURAL_COUNT = 3
"""The number of copies for a plural without a number."""
SCALES = {
    "big": 1.3, "large": 1.3, "huge": 1.5, "giant": 1.6, "enormous": 1.6, "tall": 1.3, "fat": 1.2,
    "small": 0.7, "little": 0.75, "tiny": 0.5, "mini": 0.6, "miniature": 0.6, "baby": 0.7,
}  # fmt: skip
PLACES = {
    phrase: place
    for place, phrases in {
        "sea": "sea,ocean,water,lake,river,pond,waves,bay,harbor,harbour,shore,coast",
        "underwater": "underwater,under water,under the sea,under the water,under the ocean,"
        "coral reef,seabed,bottom of the sea,bottom of the ocean,aquarium",
        "beach": "beach,sand,seaside,sandy beach",
        "desert": "desert,dunes,sand dunes,sahara",
        "grass": "grass,meadow,lawn,field,garden,park,hill,hills,countryside,farm,backyard,yard,"
        "pasture,valley,landscape,prairie,outdoors",
        "forest": "forest,woods,jungle,rainforest,woodland",
        "snow": "snow,on the ice,on ice,snowy ground,ice field,arctic,antarctica,"
        "winter landscape,glacier,winter",
        "mountains": "mountain landscape,mountain range",
        "city": "city,town,skyline,cityscape,downtown,street,new york,city street,road,"
        "highway,village,sidewalk",
        "room": "room,living room,bedroom,kitchen floor,floor,classroom,indoors,carpet,rug,mat",
        "table": "table,desk,wooden table,kitchen table,tabletop,counter,shelf,bench",
        "sky": "sky,air,blue sky,heaven",
        "moon": "on the moon,on the surface of the moon,moon landscape",
        "space": "space,outer space,galaxy,universe,milky way,cosmos",
        "stage": "stage,concert,disco",
    }.items()
    for phrase in phrases.split(",")
}
TIMES = {
    phrase: time
    for time, phrases in {
        "night": "night,midnight,night sky,starry sky,starry night,starlit sky,dark,darkness,stars,"
        "moonlight,evening sky,the stars,night-time,nighttime,moonlit night",
        "sunset": "sunset,dusk,evening,twilight,sundown,golden hour",
        "sunrise": "sunrise,dawn,morning,early morning,daybreak",
        "day": "day,daytime,noon,daylight,sunny day,sunshine,summer,summer day,spring,clear sky",
    }.items()
    for phrase in phrases.split(",")
}
WEATHERS = {
    phrase: weather
    for weather, phrases in {
        "rain": "rain,raining,rains,rainy,rainy day,drizzle,falling rain",
        "snowfall": "snowing,snows,snowfall,falling snow,snowstorm,blizzard,snowy,snowy day",
        "storm": "storm,thunderstorm,stormy,stormy weather,thunder",
        "fog": "fog,mist,foggy,misty",
        "autumn": "autumn,fall season,fall leaves,autumn leaves,falling leaves",
        "cloudy": "cloudy,cloudy sky,overcast",
    }.items()
    for phrase in phrases.split(",")
}
RELATIONS: dict[str, Relation | str] = {
    phrase: relation
    for relation, phrases in {
        "beside": "next to,beside,near,by,and,alongside,close to,at,around,among,between,or,plus,"
        "from,for,along,across,through,to,towards,toward,against",
        "of": "of,full of,filled with",
        "on": "on,on top of,upon,onto,atop,riding,rides,ride,riding on,driving,drives,sitting on,"
        "standing on,lying on,sleeping on",
        "above": "above,over,flying over,flying above,jumping over,jumps over,hovering over",
        "under": "under,below,beneath,underneath,hiding under",
        "in": "in,inside,within,into,inside of",
        "front": "in front of,before",
        "behind": "behind",
        "chase": "chasing,chases,following,follows,hunting,running after",
        "wear": "wearing,wears,dressed in,wear,with on its head,wearing on its head",
        "hold": "holding,holds,carrying,carries,eating,eats,playing,plays,reading,reads,drinking,"
        "drinks,using,uses,catching,throwing,kicking,playing with,plays with,bringing,giving,"
        "waving,flying a,looking at,looking through,watching,cooking,baking,painting a,"
        "selling,pushing,"
        "pulling,biting,chewing,licking,smelling,picking,juggling,typing on,talking on",
        "with": "with,having,has,have",
        "then": ",,;",
    }.items()
    for phrase in ([",", ";"] if relation == "then" else phrases.split(","))
}
FILLERS = frozenset(
    "the this that these those its his her their my your our is are was were be been being it "
    "which who there here please me us i we you can could would want wants like "
    "draw paint make create show generate give see picture image photo photograph drawing "
    "illustration cartoon sketch clipart clip art icon sticker portrait view scene closeup "
    "close-up up very so really just also too while as then out off down away together all each "
    "other another one's style beautiful cute pretty nice lovely happy simple colorful "
    "colourful fluffy adorable funny sweet cozy cosy peaceful quiet calm bright vibrant realistic "
    "detailed minimalist modern old new young friendly smiling sleepy fresh delicious tasty "
    "majestic magical wooden shiny round soft warm cold hot wild tame brave proud curious "
    "playful sad angry silly elegant fancy classic traditional japanese chinese oil watercolor "
    "watercolour pixel vector flat digital high quality full bare green-eyed sunny clear starry "
    "left right side top middle center centre foreground some any something emoji what how "
    "his/her own little's sets setting rising rises falls".split()
)
STYLES = frozenset(
    "picture image photo photograph drawing illustration cartoon sketch clipart icon sticker "
    "portrait painting view scene closeup close-up".split()
)
"""Words for the picture itself, before `of`: not things in it."""
BACKDROPS = frozenset({"background", "backdrop", "ground colour"})
"""Nouns whose colour is that of the ground."""
VERBS = frozenset(
    "sit stand lie lay sleep run walk jump fly swim eat drink play hold carry look see watch wear "
    "chase follow ride drive sail float hang hover climb dance sing smile laugh cry wait rest hide "
    "shine rise set fall grow bloom glow burn read write cook bake paint draw work wave rain snow "
    "wag bark meow purr roar splash dive crawl hop lean peek perch soar graze relax surf ski skate "
    "study type call talk speak kiss hug meet share give take bring throw catch kick hit push pull "
    "stare gaze point go come travel cross enjoy celebrate love help".split()
)
GROUPS = {
    "fruit": ("apple", "banana", "grapes"),
    "fruits": ("apple", "banana", "grapes"),
    "vegetables": ("carrot", "broccoli", "tomato"),
    "animals": ("dog", "cat", "rabbit"),
    "farm animals": ("cow", "pig", "sheep"),
    "pets": ("dog", "cat", "hamster"),
    "instruments": ("guitar", "trumpet", "violin"),
    "musical instruments": ("guitar", "trumpet", "violin"),
    "breakfast": ("coffee", "croissant", "fried egg"),
    "picnic": ("picnic basket", "sandwich", "watermelon"),
    "christmas": ("christmas tree", "santa", "gift"),
    "halloween": ("pumpkin", "ghost", "bat"),
    "easter": ("rabbit", "egg", "tulip"),
    "birthday": ("birthday cake", "balloon", "gift"),
    "birthday party": ("birthday cake", "balloon", "gift"),
    "family": ("father", "mother", "girl", "boy"),
    "solar system": ("sun", "planet", "earth"),
}
"""Words for several things: those that are drawn."""
COMPOUNDS = frozenset(
    {
        "hot air balloon", "hot air balloons", "fire hydrant", "sea horse", "guinea fowl",
        "bird house", "dog house", "doghouse", "birdhouse", "tree house", "treehouse", "car wash",
        "cat tree", "apple watch", "computer mouse", "pool table", "movie star", "polar lights",
        "northern lights", "sea urchin", "traffic jam", "water bottle", "water mill", "windmill",
        "rain forest canopy", "music box", "boxing ring", "fishing net", "tennis court",
        "football field", "basketball court", "train station", "bus stop", "gas station",
    }
)  # fmt: skip
"""Things of their own that have no glyph, although a word in them has."""
