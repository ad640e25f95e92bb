.pragma library
// The face, once: what draws it in clips (artwork.py) and in the window (Face.qml) both read this. Behind
// the next line stands plain JSON.
//
// A shape is a smooth closed outline through its anchors [x, y, {channel: [dx, dy]}] on a canvas of 512
// by 512, y down; a channel's number moves an anchor by so many times (dx, dy). `oval` is [x, y, width/2,
// height/2, {channel: [dx, dy, dw, dh]}]. `sharp` lists anchors that are corners, `hole` is a second
// outline cut out, `inside` names the shape that clips this one, `mirror` draws it on the other side too
// (channels in `sideways` move both sides the same way, those in `one_sided` only the first), `depth` is
// how far it goes along when the head turns and nods, `moves` moves all anchors. `jaw` of a pose of the
// mouth is how far loudness opens it beyond its shape.
var face = {
"canvas": 512,
"pivot": [256, 412],
"sideways": ["gaze_x", "turn", "sway"],
"one_sided": ["brow_ask"],
"channels": ["open", "wide", "round", "press", "tuck", "teeth", "tongue", "tip", "smile", "lid", "squint",
  "gaze_x", "gaze_y", "brow_up", "brow_worry", "brow_ask", "turn", "nod", "tilt", "sway", "rise"],
"colours": {
  "skin": "#F2C49B", "skin_shade": "#E0A67C", "ear": "#DFA077",
  "blush": "#F0AE8A", "blush_soft": "#F1B993", "hair": "#2B5F63", "hair_light": "#3B7A7C", "hair_dark": "#255257",
  "lid": "#EDB98F", "white": "#FFFDF8", "white_shade": "#E6DDD3", "iris": "#5A3A26", "iris_light": "#8A5C3A", "pupil": "#22140D", "lash": "#3A2620",
  "brow": "#284F53", "mouth": "#6A2030", "teeth": "#FFFBF3", "tongue": "#D9727A", "tip": "#E0818A",
  "lip": "#C96F65", "lip_light": "#DB8B7E", "jumper": "#E9B24C", "jumper_shade": "#D2973A", "collar": "#F3C566"
},
"grounds": {
  "light": {"ground": "#F7F4EC", "disc": "#DDEDE9"},
  "dark": {"ground": "#141817", "disc": "#22302D"}
},
"shapes": [
  {"name": "jumper", "colour": "jumper", "sharp": [0, 12], "through": [
    [18, 530], [34, 476], [82, 444], [150, 426], [206, 408], [232, 418], [256, 422], [280, 418], [306, 408],
    [362, 426], [430, 444], [478, 476], [494, 530]]},
  {"name": "sleeve", "colour": "jumper_shade", "mirror": true, "sharp": [0, 2], "through": [
    [112, 530], [114, 500], [124, 478], [119, 502]]},
  {"name": "neck", "colour": "skin_shade", "sharp": [0, 2, 4, 6], "through": [
    [210, 330], [214, 380], [203, 414], [256, 456], [309, 414], [298, 380], [302, 330]]},
  {"name": "chest", "colour": "skin", "sharp": [0, 4], "through": [
    [206, 411], [236, 424], [256, 426], [276, 424], [306, 411], [290, 438], [256, 450], [222, 438]]},
  {"name": "collar", "colour": "collar", "sharp": [0, 4], "through": [
    [194, 408], [216, 434], [256, 448], [296, 434], [318, 408], [326, 420], [302, 452], [256, 466], [210, 452], [186, 420]]},
  {"name": "hair-back", "colour": "hair_dark", "head": true, "depth": -0.25, "through": [
    [256, 64], [318, 72], [364, 112], [386, 176], [391, 246], [386, 306], [362, 336], [330, 338], [256, 330],
    [182, 338], [150, 336], [126, 306], [121, 246], [126, 176], [148, 112], [194, 72]]},
  {"name": "ear", "colour": "skin", "head": true, "mirror": true, "depth": -0.35, "oval": [143, 242, 21, 34]},
  {"name": "ear-in", "colour": "ear", "head": true, "mirror": true, "depth": -0.3, "through": [
    [134, 228], [146, 226], [152, 242], [146, 262], [139, 258], [144, 244]]},
  {"name": "face", "colour": "skin", "head": true, "depth": 0.2, "through": [
    [256, 378, {"open": [0, 0.34]}], [218, 370, {"open": [0, 0.3], "wide": [-0.1, 0]}], [180, 340, {"open": [0.02, 0.18]}],
    [154, 290], [145, 230], [150, 168], [186, 114], [256, 94],
    [326, 114], [362, 168], [367, 230], [358, 290], [332, 340, {"open": [-0.02, 0.18]}],
    [294, 370, {"open": [0, 0.3], "wide": [0.1, 0]}]]},
  {"name": "blush-soft", "colour": "blush_soft", "head": true, "mirror": true, "depth": 0.75,
    "oval": [187, 288, 29, 19, {"smile": [0, -0.4, 0, 0], "squint": [0, -3, 0, 0]}]},
  {"name": "blush", "colour": "blush", "head": true, "mirror": true, "depth": 0.75,
    "oval": [187, 288, 20, 12, {"smile": [0, -0.4, 0, 0], "squint": [0, -3, 0, 0]}]},
  {"name": "nose", "colour": "skin_shade", "head": true, "depth": 1.35, "through": [
    [240, 274], [245, 280], [256, 284.5], [267, 280], [272, 274], [267, 276.5], [256, 280], [245, 276.5]]},
  {"name": "socket", "colour": "lid", "head": true, "mirror": true, "depth": 1, "through": [
    [174, 226], [186, 206], [206, 199], [226, 206], [238, 226], [226, 240], [206, 246], [186, 240]]},
  {"name": "eye", "colour": "white", "head": true, "mirror": true, "depth": 1, "through": [
    [177, 229, {"lid": [0, 5]}], [188, 215, {"lid": [0, 22]}], [206, 208.5, {"lid": [0, 31.5]}], [224, 215, {"lid": [0, 22]}],
    [235, 229, {"lid": [0, 5]}], [224, 242, {"squint": [0, -6], "lid": [0, -3]}],
    [206, 247, {"squint": [0, -9], "lid": [0, -5]}], [188, 242, {"squint": [0, -6], "lid": [0, -3]}]]},
  {"name": "eye-shade", "colour": "white_shade", "head": true, "mirror": true, "depth": 1, "inside": "eye", "through": [
    [170, 200], [206, 196], [242, 200], [240, 232, {"lid": [0, 14]}], [224, 219, {"lid": [0, 23]}], [206, 213, {"lid": [0, 32]}], [188, 219, {"lid": [0, 23]}], [172, 232, {"lid": [0, 14]}]]},
  {"name": "iris", "colour": "iris", "head": true, "mirror": true, "depth": 1, "inside": "eye",
    "oval": [207, 227, 17, 17.5, {"gaze_x": [1, 0, 0, 0], "gaze_y": [0, 1, 0, 0]}]},
  {"name": "iris-light", "colour": "iris_light", "head": true, "mirror": true, "depth": 1, "inside": "eye",
    "oval": [207, 232, 11, 8, {"gaze_x": [1, 0, 0, 0], "gaze_y": [0, 1, 0, 0]}]},
  {"name": "pupil", "colour": "pupil", "head": true, "mirror": true, "depth": 1, "inside": "eye",
    "oval": [207, 226, 8.5, 8.8, {"gaze_x": [1.05, 0, 0, 0], "gaze_y": [0, 1.05, 0, 0]}]},
  {"name": "glint-left", "colour": "white", "head": true, "depth": 1, "inside": "eye",
    "oval": [201, 219, 4.6, 4.6, {"gaze_x": [0.9, 0, 0, 0], "gaze_y": [0, 0.9, 0, 0]}]},
  {"name": "glint-right", "colour": "white", "head": true, "depth": 1, "inside": "eye-mirrored",
    "oval": [299, 219, 4.6, 4.6, {"gaze_x": [0.9, 0, 0, 0], "gaze_y": [0, 0.9, 0, 0]}]},
  {"name": "lashes", "colour": "lash", "head": true, "mirror": true, "depth": 1, "sharp": [0, 4], "through": [
    [171, 229, {"lid": [0, 8]}], [187, 213, {"lid": [0, 22]}], [206, 205.5, {"lid": [0, 32]}], [225, 212.5, {"lid": [0, 23]}],
    [237, 230, {"lid": [0, 5]}], [223, 217.5, {"lid": [0, 22]}], [206, 211, {"lid": [0, 31]}], [189, 218.5, {"lid": [0, 21.5]}], [177, 230, {"lid": [0, 6]}]]},
  {"name": "brow", "colour": "brow", "head": true, "mirror": true, "depth": 1.05,
    "moves": {"brow_up": [0, -1], "brow_ask": [0, -1]}, "through": [
    [235, 182, {"brow_worry": [-1, -8]}], [222, 175, {"brow_worry": [0, -4]}], [202, 171.5, {"brow_worry": [0, 1]}], [181, 177, {"brow_worry": [0, 4]}],
    [168, 188, {"brow_worry": [0, 6]}], [183, 181.5, {"brow_worry": [0, 4]}], [202, 178, {"brow_worry": [0, 1]}], [221, 182.5, {"brow_worry": [0, -4]}], [233, 188, {"brow_worry": [-1, -8]}]]},
  {"name": "mouth", "colour": "mouth", "head": true, "depth": 1.1, "through": [
    [220, 320.5, {"wide": [-1, 0], "smile": [-0.5, -1], "open": [0, 0.18]}], [237, 319, {"wide": [-0.42, 0], "smile": [0, 0.3], "open": [-0.02, -0.2]}],
    [256, 319, {"smile": [0, 0.5], "open": [0, -0.26]}], [275, 319, {"wide": [0.42, 0], "smile": [0, 0.3], "open": [0.02, -0.2]}],
    [292, 320.5, {"wide": [1, 0], "smile": [0.5, -1], "open": [0, 0.18]}], [275, 322, {"wide": [0.42, 0], "smile": [0, 0.3], "open": [0.02, 0.58]}],
    [256, 322, {"smile": [0, 0.5], "open": [0, 0.74]}], [237, 322, {"wide": [-0.42, 0], "smile": [0, 0.3], "open": [-0.02, 0.58]}]]},
  {"name": "tongue", "colour": "tongue", "head": true, "depth": 1.1, "inside": "mouth",
    "oval": [256, 345, 25, 14, {"open": [0, 0.72, 0.1, 0], "tongue": [0, -15, 0, 3], "wide": [0, 0, 0.4, 0]}]},
  {"name": "tongue-line", "colour": "mouth", "head": true, "depth": 1.1, "inside": "mouth",
    "oval": [256, 345, 1.2, 9, {"open": [0, 0.72, 0, 0], "tongue": [0, -15, 0, 0]}]},
  {"name": "teeth", "colour": "teeth", "head": true, "depth": 1.1, "inside": "mouth", "sharp": [0, 2], "through": [
    [216, 300, {"wide": [-0.8, 0], "open": [0, -0.2]}], [256, 296, {"open": [0, -0.26]}], [296, 300, {"wide": [0.8, 0], "open": [0, -0.2]}],
    [281, 316, {"wide": [0.5, 0], "open": [0, -0.18], "smile": [0, 0.2], "teeth": [0, 1]}], [256, 318, {"open": [0, -0.25], "smile": [0, 0.5], "teeth": [0, 1.05]}], [231, 316, {"wide": [-0.5, 0], "open": [0, -0.18], "smile": [0, 0.2], "teeth": [0, 1]}]]},
  {"name": "tip", "colour": "tip", "head": true, "depth": 1.1, "inside": "mouth",
    "oval": [256, 325, 0, 0, {"open": [0, 0.3, 0, 0], "tip": [0, 0, 20, 8]}]},
  {"name": "lips", "colour": "lip", "head": true, "depth": 1.1, "through": [
    [216, 320.5, {"wide": [-1, 0], "smile": [-0.6, -1.1], "open": [0, 0.18], "round": [-1, 0]}],
    [234, 315.5, {"wide": [-0.46, 0], "smile": [0, 0.1], "open": [-0.02, -0.21], "round": [-1.5, -2], "press": [0, 3]}],
    [247.5, 312.5, {"wide": [-0.2, 0], "smile": [0, 0.4], "open": [0, -0.26], "round": [0, -3], "press": [0, 5]}],
    [256, 314, {"smile": [0, 0.5], "open": [0, -0.26], "round": [0, -3], "press": [0, 4]}],
    [264.5, 312.5, {"wide": [0.2, 0], "smile": [0, 0.4], "open": [0, -0.26], "round": [0, -3], "press": [0, 5]}],
    [278, 315.5, {"wide": [0.46, 0], "smile": [0, 0.1], "open": [0.02, -0.21], "round": [1.5, -2], "press": [0, 3]}],
    [296, 320.5, {"wide": [1, 0], "smile": [0.6, -1.1], "open": [0, 0.18], "round": [1, 0]}],
    [278, 327, {"wide": [0.46, 0], "smile": [0, 0.3], "open": [0.02, 0.6], "round": [1.5, 2], "press": [0, -3], "tuck": [0, -5]}],
    [256, 330.5, {"smile": [0, 0.5], "open": [0, 0.75], "round": [0, 3], "press": [0, -4], "tuck": [0, -6.5]}],
    [234, 327, {"wide": [-0.46, 0], "smile": [0, 0.3], "open": [-0.02, 0.6], "round": [-1.5, 2], "press": [0, -3], "tuck": [0, -5]}]],
   "hole": [
    [221, 320.5, {"wide": [-1, 0], "smile": [-0.5, -1], "open": [0, 0.18]}], [237, 321.2, {"wide": [-0.42, 0], "smile": [0, 0.3], "open": [-0.02, 0.56], "tuck": [0, -1]}],
    [256, 321.4, {"smile": [0, 0.5], "open": [0, 0.71], "tuck": [0, -1.5]}], [275, 321.2, {"wide": [0.42, 0], "smile": [0, 0.3], "open": [0.02, 0.56], "tuck": [0, -1]}],
    [291, 320.5, {"wide": [1, 0], "smile": [0.5, -1], "open": [0, 0.18]}], [275, 319.8, {"wide": [0.42, 0], "smile": [0, 0.3], "open": [0.02, -0.18]}],
    [256, 319.8, {"smile": [0, 0.5], "open": [0, -0.23]}], [237, 319.8, {"wide": [-0.42, 0], "smile": [0, 0.3], "open": [-0.02, -0.18]}]]},
  {"name": "lip-light", "colour": "lip_light", "head": true, "depth": 1.1,
    "oval": [256, 327, 14, 1.8, {"smile": [0, 0.5, 0, 0], "open": [0, 0.74, 0, 0], "press": [0, -2, 0, -1.8], "tuck": [0, -3, -6, -1.8], "wide": [0, 0, 0.35, 0], "round": [0, 2, 0, 0.6]}]},
  {"name": "lip-shade", "colour": "skin_shade", "head": true, "depth": 1, "sharp": [0, 2], "through": [
    [236, 344, {"open": [0, 0.66], "wide": [-0.3, 0]}], [256, 349, {"open": [0, 0.7]}], [276, 344, {"open": [0, 0.66], "wide": [0.3, 0]}], [256, 345.5, {"open": [0, 0.7]}]]},
  {"name": "fringe", "colour": "hair", "head": true, "depth": 0.5, "sharp": [0, 6], "through": [
    [138, 238], [122, 214], [122, 158], [148, 98], [200, 62], [256, 52], [300, 110], [266, 108], [236, 140], [192, 162], [164, 178], [151, 206]]},
  {"name": "fringe-right", "colour": "hair", "head": true, "depth": 0.5, "sharp": [0, 6], "through": [
    [258, 116], [222, 58], [270, 51], [330, 66], [374, 110], [391, 170], [376, 242], [360, 206], [346, 166], [318, 130], [288, 116]]},
  {"name": "strand", "colour": "hair_light", "head": true, "depth": 0.5, "sharp": [0, 3], "through": [
    [162, 152], [184, 108], [226, 78], [276, 68], [232, 92], [194, 122]]},
  {"name": "strand-right", "colour": "hair_light", "head": true, "depth": 0.5, "sharp": [0, 3], "through": [
    [296, 82], [332, 98], [356, 124], [370, 160], [340, 126], [316, 106]]}
],
"poses": {
  "sil": {"smile": 4, "jaw": 8},
  "PP": {"press": 0.8, "wide": -1, "smile": 1.5},
  "FF": {"open": 6, "tuck": 1, "teeth": 7, "wide": 2, "smile": 1, "jaw": 4},
  "TH": {"open": 15, "teeth": 6, "tip": 1, "wide": 4, "tongue": 0.5, "jaw": 14},
  "DD": {"open": 13, "teeth": 7, "tongue": 0.6, "wide": 2, "smile": 1, "jaw": 17},
  "kk": {"open": 17, "teeth": 5, "tongue": 0.2, "wide": 2, "smile": 1, "jaw": 18},
  "CH": {"open": 14, "teeth": 9, "wide": -11, "round": 0.8, "jaw": 14},
  "SS": {"open": 9, "teeth": 9, "wide": 6, "smile": 3, "jaw": 10},
  "nn": {"open": 10, "teeth": 4, "tongue": 1, "wide": 1, "smile": 1, "jaw": 18},
  "RR": {"open": 14, "teeth": 4, "wide": -9, "round": 0.6, "tongue": 0.5, "jaw": 18},
  "aa": {"open": 42, "teeth": 9, "tongue": 0.3, "wide": 1, "jaw": 26},
  "E": {"open": 25, "teeth": 9, "tongue": 0.5, "wide": 9, "smile": 2, "jaw": 24},
  "I": {"open": 14, "teeth": 9, "tongue": 0.7, "wide": 13, "smile": 5, "jaw": 20},
  "O": {"open": 30, "wide": -14, "round": 0.8, "teeth": 2, "jaw": 22},
  "U": {"open": 14, "wide": -19, "round": 1.1, "jaw": 15}
},
"firm": {"sil": 1, "PP": 1, "FF": 0.95, "TH": 0.8, "DD": 0.6, "kk": 0.5, "CH": 0.8, "SS": 0.7, "nn": 0.6, "RR": 0.65,
  "aa": 1, "E": 0.9, "I": 0.9, "O": 1, "U": 1},
"seen": {"sil": 0.8, "PP": 2.5, "FF": 2, "TH": 0.7, "DD": 0.5, "kk": 0.4, "CH": 1.3, "SS": 0.7, "nn": 0.5, "RR": 0.6,
  "aa": 1, "E": 0.9, "I": 0.9, "O": 1.2, "U": 1.2},
"looks": {
  "idle": {"smile": 2, "squint": 0.2},
  "listening": {"smile": 2, "brow_up": 2.5, "tilt": 2.2, "lid": -0.04},
  "hearing": {"smile": 1.5, "brow_up": 4, "tilt": 3.2, "lid": -0.07, "nod": 1.5},
  "thinking": {"gaze_x": -6.5, "gaze_y": -6.5, "brow_ask": 7, "brow_up": 2, "turn": -5, "nod": -3, "tilt": -2.5, "wide": -4, "press": 0.3, "smile": -1},
  "speaking": {"brow_up": 1},
  "muted": {"lid": 0.3, "press": 0.75, "wide": -5, "smile": -1, "brow_up": -1, "nod": 1.5},
  "failed": {"brow_worry": 1, "brow_up": 3, "smile": -7, "gaze_y": 1, "tilt": -3, "nod": 2, "lid": 0.08}
},
"motion": {
  "closest_s": 0.1, "fade_s": 0.06, "quiet": 0.08, "loud": 0.35, "step_s": 0.02,
  "blink_every_s": 3.6, "blink_shut_s": 0.08, "blink_open_s": 0.16, "blink_twice": 0.14, "blink_again_s": 0.34,
  "glance_every_s": 1.5, "glance_s": 0.09, "glance_away": 0.38, "glance_x": 6, "glance_y": 3,
  "nod_every_s": 2.9, "nod_often": 0.65, "nod_s": 0.62, "nod_deep": 5.5,
  "brow_every_s": 1.9, "brow_often": 0.4, "brow_s": 0.9, "brow_high": 4,
  "swings": [["turn", 3.2, 4.3], ["tilt", 1.1, 6.7], ["nod", 1.6, 2.9], ["sway", 1.8, 5.3], ["turn", 1.4, 1.9], ["rise", 0.8, 3.1]],
  "alive": {
    "idle": {"swing": 0, "glance": 0.5, "nod": 0, "brow": 0},
    "listening": {"swing": 0.3, "glance": 0.2, "nod": 0, "brow": 0},
    "hearing": {"swing": 0.35, "glance": 0.15, "nod": 1, "brow": 0.4},
    "thinking": {"swing": 0.4, "glance": 0.4, "nod": 0, "brow": 0},
    "speaking": {"swing": 1, "glance": 1, "nod": 0.25, "brow": 1},
    "muted": {"swing": 0, "glance": 0.2, "nod": 0, "brow": 0},
    "failed": {"swing": 0, "glance": 0.4, "nod": 0, "brow": 0}
  }
}
};
