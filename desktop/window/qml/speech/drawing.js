.pragma library

// Draws the face of plugins/avatar/artwork.js with a canvas's context. Its outlines are smooth lines
// through anchors that a pose's channels move.

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
        "head": shape.head === true,
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

// Anchors at rest, which are corners, and what moves them: {channel: [dx, dy] per anchor}.
function outline(face, shape, line, first, mirrored) {
    const depth = shape.depth ?? 0;
    const carried = shape.head ? { "turn": [depth, 0], "nod": [0, depth], "sway": [1, 0], "rise": [0, -1] } : {};
    Object.assign(carried, shape.moves ?? {});
    const moves = {};
    line.forEach(([x, y, own], index) => {
        for (const from of [own ?? {}, carried])
            for (const channel in from) {
                if (mirrored && face.one_sided.includes(channel))
                    continue;
                const way = mirrored && !face.sideways.includes(channel) ? -1 : 1;
                const move = moves[channel] = moves[channel] ?? line.map(() => [0, 0]);
                move[index][0] += way * from[channel][0];
                move[index][1] += from[channel][1];
            }
    });
    return {
        "rest": line.map(([x, y]) => [mirrored ? face.canvas - x : x, y]),
        "sharp": line.map((_, index) => first && (shape.sharp ?? []).includes(index)), "moves": moves,
    };
}

function trace(context, shape, pose) {
    context.beginPath();
    for (const outline of shape.outlines)
        traceLine(context, placed(outline, pose), outline.sharp);
}

function placed(outline, pose) {
    const points = outline.rest.map(([x, y]) => [x, y]);
    for (const channel in outline.moves) {
        const size = pose[channel] ?? 0;
        if (size === 0)
            continue;
        const move = outline.moves[channel];
        for (let i = 0; i < points.length; i++) {
            points[i][0] += size * move[i][0];
            points[i][1] += size * move[i][1];
        }
    }
    return points;
}

function traceLine(context, points, sharp) {
    const count = points.length;
    const handle = (i, axis) => sharp[i] ? 0
        : (points[(i + 1) % count][axis] - points[(i + count - 1) % count][axis]) / 6;
    context.moveTo(points[0][0], points[0][1]);
    for (let i = 0; i < count; i++) {
        const next = (i + 1) % count;
        const [x, y] = points[i], [toX, toY] = points[next];
        context.bezierCurveTo(x + handle(i, 0), y + handle(i, 1), toX - handle(next, 0), toY - handle(next, 1), toX, toY);
    }
    context.closePath();
}
