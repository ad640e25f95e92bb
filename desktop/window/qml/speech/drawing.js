.pragma library

// Draws the face of plugins/avatar/artwork.js with a canvas's context. Its outlines are smooth lines
// through anchors that a pose's channels move. Some thirty times a second, so without objects on the way.

// The shapes in the order of drawing, each with its other side behind it.
function shapes(face) {
    const found = [];
    for (const shape of face.shapes) {
        found.push(ready(face, shape, false));
        if (shape.mirror)
            found.push(ready(face, shape, true));
    }
    for (const shape of found)
        shape.clip = found.find((other) => other.name === shape.inside) ?? null;
    return found;
}

// Draws what does not move, on a disc that suits what is around it: "light" or "dark".
function paintBody(context, face, shapes, side, ground) {
    begin(context, face, side);
    context.fillStyle = face.grounds[ground].disc;
    context.beginPath();
    context.arc(face.canvas / 2, face.canvas / 2, 0.47 * face.canvas, 0, 2 * Math.PI);
    context.fill();
    fill(context, shapes.filter((shape) => !shape.head), {});
}

// Draws the head in a pose, on nothing.
function paintHead(context, face, shapes, pose, side) {
    begin(context, face, side);
    context.translate(face.pivot[0], face.pivot[1]);
    context.rotate((pose.tilt ?? 0) * Math.PI / 180);
    context.translate(-face.pivot[0], -face.pivot[1]);
    fill(context, shapes.filter((shape) => shape.head), pose);
}

function begin(context, face, side) {
    context.reset();
    context.scale(side / face.canvas, side / face.canvas);
}

function fill(context, shapes, pose) {
    for (const shape of shapes) {
        if (shape.clip) {
            context.save();
            trace(context, shape.clip, pose);
            context.clip();
        }
        context.fillStyle = shape.colour;
        trace(context, shape, pose);
        context.fill();
        if (shape.clip)
            context.restore();
    }
}

function ready(face, shape, mirrored) {
    const name = (one) => mirrored && one ? one + "-mirrored" : one ?? "";
    return {
        "name": name(shape.name), "inside": name(shape.inside), "colour": face.colours[shape.colour],
        "head": shape.head === true, "depth": shape.depth ?? 0,
        "outlines": outlines(shape).map((line, index) => outline(face, shape, line, index === 0, mirrored)),
    };
}

function outlines(shape) {
    if (!shape.oval)
        return shape.hole ? [shape.through, shape.hole] : [shape.through];
    const [x, y, halfWidth, halfHeight, moves] = shape.oval;
    const line = [];
    for (let k = 0; k < 8; k++) {
        const cos = Math.cos(k * Math.PI / 4), sin = Math.sin(k * Math.PI / 4);
        const shifts = {};
        for (const channel in moves ?? {}) {
            const [dx, dy, dw, dh] = moves[channel];
            shifts[channel] = [dx + cos * dw, dy + sin * dh];
        }
        line.push([x + cos * halfWidth, y + sin * halfHeight, shifts]);
    }
    return [line];
}

// Where anchors rest, which are corners, and what moves them: per channel the anchors and how far.
function outline(face, shape, line, first, mirrored) {
    const channels = {};
    line.forEach(([x, y, own], index) => {
        for (const from of [own ?? {}, shape.moves ?? {}])
            for (const channel in from) {
                if (mirrored && face.one_sided.includes(channel))
                    continue;
                const way = mirrored && !face.sideways.includes(channel) ? -1 : 1;
                const move = channels[channel] = channels[channel] ?? { "at": [], "dx": [], "dy": [] };
                move.at.push(index);
                move.dx.push(way * from[channel][0]);
                move.dy.push(from[channel][1]);
            }
    });
    return {
        "x": line.map(([x]) => mirrored ? face.canvas - x : x), "y": line.map(([_, y]) => y),
        "sharp": line.map((_, index) => first && (shape.sharp ?? []).includes(index)),
        "moves": Object.keys(channels).map((channel) => Object.assign(channels[channel], { "channel": channel })),
    };
}

function trace(context, shape, pose) {
    // The head carries all anchors of a shape alike.
    const right = shape.head ? shape.depth * (pose.turn ?? 0) + (pose.sway ?? 0) : 0;
    const down = shape.head ? shape.depth * (pose.nod ?? 0) - (pose.rise ?? 0) : 0;
    context.beginPath();
    for (const outline of shape.outlines)
        traceLine(context, outline, pose, right, down);
}

function traceLine(context, outline, pose, right, down) {
    const count = outline.x.length, sharp = outline.sharp;
    const x = outline.x.slice(), y = outline.y.slice();
    for (const move of outline.moves) {
        const size = pose[move.channel] ?? 0;
        if (size === 0)
            continue;
        const at = move.at, dx = move.dx, dy = move.dy;
        for (let i = 0; i < at.length; i++) {
            x[at[i]] += size * dx[i];
            y[at[i]] += size * dy[i];
        }
    }
    // Catmull and Rom's line: at an anchor it runs as its two neighbours lie to each other.
    let fromX = x[0] + right, fromY = y[0] + down;
    let outX = sharp[0] ? 0 : (x[1] - x[count - 1]) / 6, outY = sharp[0] ? 0 : (y[1] - y[count - 1]) / 6;
    context.moveTo(fromX, fromY);
    for (let i = 0; i < count; i++) {
        const next = i + 1 < count ? i + 1 : 0, after = next + 1 < count ? next + 1 : 0;
        const inX = sharp[next] ? 0 : (x[after] - x[i]) / 6, inY = sharp[next] ? 0 : (y[after] - y[i]) / 6;
        const toX = x[next] + right, toY = y[next] + down;
        context.bezierCurveTo(fromX + outX, fromY + outY, toX - inX, toY - inY, toX, toY);
        fromX = toX;
        fromY = toY;
        outX = inX;
        outY = inY;
    }
    context.closePath();
}
