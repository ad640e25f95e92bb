.pragma library

// How the face moves: plugins/avatar/motion.py in the window's language, number for number. A pose is an
// object of channels; the face is that of plugins/avatar/artwork.js.

const BLINK = 0, AGAIN = 1, AWAY = 2, LEFT = 3, DOWN = 4, NOD = 5, BROW = 6, SWING = 7;

// The mouth of one piece of speech: visemes {start_s, end_s, shape} in the order of time, and how loud it
// is every 20 ms, 0 to 1.
function mouth(face, visemes, loudness) {
    const kept = thinned(visemes, face.seen, face.motion.closest_s);
    const own = kept.map((viseme) => face.poses[viseme.shape]);
    const around = [face.poses.sil, ...own, face.poses.sil];
    const poses = kept.map((viseme, i) =>
        mixed(mixed(around[i], around[i + 2], 0.5), own[i], face.firm[viseme.shape]));
    return { "face": face, "kept": kept, "poses": poses, "loudness": loudness };
}

// The mouth's part of the pose, t seconds from the beginning of the sound.
function mouthAt(mouth, t) {
    let index = 0;
    while (index + 1 < mouth.kept.length && mouth.kept[index + 1].start_s <= t)
        index += 1;
    const pose = Object.assign({}, shaped(mouth, index, t));
    const jaw = pose.jaw ?? 0;
    delete pose.jaw;
    if (mouth.loudness.length > 0) {
        const motion = mouth.face.motion;
        const loud = loudAt(mouth, t);
        pose.open = (pose.open ?? 0) * (motion.quiet + motion.loud * loud) + jaw * loud;
    }
    return pose;
}

// The whole pose at t seconds in a state.
function poseAt(face, t, state, seed, mouthPose) {
    const motion = face.motion;
    const alive = motion.alive[state];
    const pose = Object.assign({}, face.looks[state]);
    add(pose, mouthPose ?? face.poses.sil, 1);
    motion.swings.forEach(([channel, size, every], index) => {
        const phase = 2 * Math.PI * (t / every + chance(seed, SWING, index));
        add(pose, { [channel]: size * Math.sin(phase) }, alive.swing);
    });
    add(pose, glance(motion, t, seed), alive.glance);
    const nod = nowAndThen(t, seed, NOD, motion.nod_every_s, motion.nod_often, motion.nod_s);
    add(pose, { "nod": motion.nod_deep * nod }, alive.nod);
    const brow = nowAndThen(t, seed, BROW, motion.brow_every_s, motion.brow_often, motion.brow_s);
    add(pose, { "brow_up": motion.brow_high * brow }, alive.brow);
    const lid = pose.lid ?? 0;
    pose.lid = lid + (1 - lid) * blink(motion, t, seed);
    return pose;
}

// A face that holds still: what a state looks like, with a mouth.
function stillPose(face, state, mouthPose) {
    const pose = Object.assign({}, face.looks[state]);
    add(pose, mouthPose ?? face.poses.sil, 1);
    return pose;
}

function smooth(share) {
    const x = Math.min(Math.max(share, 0), 1);
    return x * x * x * (x * (6 * x - 15) + 10);
}

function mixed(one, other, share) {
    const pose = {};
    add(pose, one, 1 - share);
    add(pose, other, share);
    return pose;
}

// Whether two poses look alike.
function alike(one, other) {
    for (const name in Object.assign({}, one, other))
        if (Math.abs((one[name] ?? 0) - (other[name] ?? 0)) > 0.02)
            return false;
    return true;
}

function chance(seed, kind, index) {
    let x = (Math.imul(seed, 0x9E3779B1) + Math.imul(kind, 0x85EBCA6B)
             + Math.imul(index, 0xC2B2AE35) + 0x27D4EB2F) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7FEB352D);
    x = Math.imul(x ^ (x >>> 15), 0x846CA68B);
    return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

function thinned(visemes, seen, closest) {
    const middle = (viseme) => (viseme.start_s + viseme.end_s) / 2;
    const weight = (viseme) => (viseme.end_s - viseme.start_s) * seen[viseme.shape];
    const kept = [];
    for (const viseme of visemes) {
        const last = kept[kept.length - 1];
        if (last && middle(viseme) - middle(last) < closest) {
            if (weight(viseme) <= weight(last))
                continue;
            kept.pop();
        }
        kept.push(viseme);
    }
    return kept;
}

function held(viseme, fade) {
    const most = Math.min(fade, (viseme.end_s - viseme.start_s) / 2);
    return [viseme.start_s + most, viseme.end_s - most];
}

function shaped(mouth, index, t) {
    const kept = mouth.kept;
    if (kept.length === 0)
        return mouth.face.poses.sil;
    const fade = mouth.face.motion.fade_s;
    const [from, to] = held(kept[index], fade);
    if (t > to && index + 1 < kept.length)
        return between(mouth, index, t, to, held(kept[index + 1], fade)[0]);
    if (t < from && index > 0)
        return between(mouth, index - 1, t, held(kept[index - 1], fade)[1], from);
    return mouth.poses[index];
}

function between(mouth, index, t, left, arrives) {
    const share = smooth((t - left) / Math.max(arrives - left, 1e-6));
    return mixed(mouth.poses[index], mouth.poses[index + 1], share);
}

function loudAt(mouth, t) {
    const loudness = mouth.loudness;
    const place = t / mouth.face.motion.step_s - 0.5;
    const index = Math.floor(place);
    const at = (i) => loudness[Math.min(Math.max(i, 0), loudness.length - 1)];
    return at(index) + (at(index + 1) - at(index)) * (place - index);
}

function blink(motion, t, seed) {
    const every = motion.blink_every_s;
    const slot = Math.floor(t / every);
    let shut = 0;
    for (const index of [slot - 1, slot]) {
        const since = t - (index + 0.08 + 0.8 * chance(seed, BLINK, index)) * every;
        shut = Math.max(shut, oneBlink(motion, since));
        if (chance(seed, AGAIN, index) < motion.blink_twice)
            shut = Math.max(shut, oneBlink(motion, since - motion.blink_again_s));
    }
    return shut;
}

function oneBlink(motion, since) {
    if (since < motion.blink_shut_s)
        return smooth(since / motion.blink_shut_s);
    return 1 - smooth((since - motion.blink_shut_s) / motion.blink_open_s);
}

function glance(motion, t, seed) {
    const every = motion.glance_every_s;
    const slot = Math.floor(t / every);
    const share = smooth((t / every - slot) * every / motion.glance_s);
    return mixed(target(motion, slot - 1, seed), target(motion, slot, seed), share);
}

function target(motion, slot, seed) {
    if (chance(seed, AWAY, slot) >= motion.glance_away)
        return {};
    return { "gaze_x": motion.glance_x * (chance(seed, LEFT, slot) * 2 - 1),
             "gaze_y": motion.glance_y * (chance(seed, DOWN, slot) * 2 - 1) };
}

function nowAndThen(t, seed, kind, every, often, long) {
    const slot = Math.floor(t / every);
    const share = (t - slot * every) / long;
    if (chance(seed, kind, slot) >= often || share >= 1)
        return 0;
    return Math.pow(Math.sin(Math.PI * share), 2);
}

function add(pose, more, share) {
    for (const name in more)
        pose[name] = (pose[name] ?? 0) + more[name] * share;
}
