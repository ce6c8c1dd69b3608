// What happens in the picture, as a pure function of time: chapters, camera, the host's body, hands and face.
// Lengths are in the art's units (the picture is 760 × 1351 of them), times in seconds of the loop.

export const LOOP_S = 80;

/** Things on show: where they touch the bench, where they stand on it, how they are held, where hands take hold. */
export const THINGS = {
  hana: { art: 'thing-set', base: [120, 252], slot: [372, 1012, 0.84], hold: [372, 793, 0.915], grip: { l: [30, 214], r: [211, 214] } },
  oat: { art: 'mug-oat', base: [70, 254], slot: [142, 1004, 0.84], hold: [313, 768, 1], grip: { l: [6, 208] } },
  sage: { art: 'mug-sage', base: [152, 202], slot: [546, 1010, 0.82], hold: [433, 764, 1], grip: { r: [216, 156] } },
  kettle: { art: 'thing-kettle', base: [120, 252], slot: [632, 984, 0.8], hold: [352, 792, 0.95], grip: { l: [52, 228], r: [229, 168] } },
  filters: { art: 'thing-filters', base: [120, 256], slot: [226, 1008, 0.76], hold: [372, 796, 0.98], grip: { l: [42, 214], r: [198, 214] } },
  beans: { art: 'thing-beans', base: [120, 256], slot: [112, 986, 0.74], hold: [372, 798, 0.96], grip: { l: [50, 214], r: [191, 214] } },
  grinder: { art: 'grinder-body', base: [117, 254], slot: [536, 1006, 0.8], hold: [350, 802, 1.02], grip: { l: [79, 226], r: [161, 150] } },
};

/** `pin`: the moment hands close on it. `down`: the moment it starts back to the bench. `first`: the hand that fetches it. */
export const CHAPTERS = [
  { slug: 'hana', things: ['hana'], pin: 6.8, down: 20.4, first: 'both', insert: [14, 17] },
  { slug: 'ridge', things: ['oat', 'sage'], pin: 22.2, down: 34.2, first: 'both', insert: [27, 30] },
  { slug: 'tomo', things: ['kettle'], pin: 36.2, down: 45.2, first: 'r', insert: [40, 42.4], join: 41 },
  { slug: 'filters', things: ['filters'], pin: 47.2, down: 52.6, first: 'l' },
  { slug: 'beans', things: ['beans'], pin: 54.4, down: 61.2, first: 'l', insert: [57, 59.4] },
  { slug: 'grinder', things: ['grinder'], pin: 63.2, down: 69.6, first: 'r' },
];
const LIFT = 0.85;
const PORTRAIT = 71.2; // a cut to a close shot of Mara: the bench is dressed again behind it

export const clamp = (x, a = 0, b = 1) => Math.min(b, Math.max(a, x));
export const mix = (a, b, w) => a + (b - a) * w;
/** 0 before `a`, 1 after `b`, smooth between. */
export const ramp = (t, a, b) => { const x = clamp((t - a) / (b - a)); return x * x * x * (x * (6 * x - 15) + 10); };
/** Smooth bump: up over `a`..`b`, down over `c`..`d`. */
export const bump = (t, a, b, c, d) => ramp(t, a, b) * (1 - ramp(t, c, d));
/** A sine that closes with the loop: `n` turns in LOOP_S. */
export const wave = (t, n, phase = 0) => Math.sin((t / LOOP_S) * n * Math.PI * 2 + phase);

/** Which things stand about: the bench is dressed twice, behind cuts. */
function dressing(t) {
  const second = t >= 40 && t < PORTRAIT;
  return second ? ['beans', 'kettle', 'filters', 'grinder'] : ['kettle', 'hana', 'oat', 'sage'];
}

function thingPose(name, chapter, t) {
  const { slot, hold } = THINGS[name];
  const up = chapter ? bump(t, chapter.pin, chapter.pin + LIFT, chapter.down, chapter.down + LIFT) : 0;
  let [x, y, s] = slot.map((v, i) => mix(v, hold[i], up));
  let rot = 0;
  y -= 26 * Math.sin(Math.PI * up) * (name === 'hana' ? 0.3 : 1);
  // In her hands a thing is never quite still.
  x += up * (3 * wave(t, 16) + 1.2 * wave(t, 37, 1));
  y += up * (3 * wave(t, 23, 0.6) + 1.2 * wave(t, 41));
  rot += up * (1.4 * wave(t, 14, 1.1) + 0.6 * wave(t, 33));
  if (name === 'hana') s *= 1 + 0.1 * bump(t, 8, 9.2, 11.4, 12.6) + 0.08 * bump(t, 17.2, 18, 19.4, 20.2);
  if (name === 'kettle') {
    const pour = pouring(t);
    x = mix(x, 520, pour); y = mix(y, 764, pour); rot -= 21 * pour;
    s *= 1 + 0.05 * bump(t, 42.6, 43.2, 44, 45);
  }
  if (name === 'oat' || name === 'sage') {
    const side = name === 'oat' ? 1 : -1;
    const clink = bump(t, 31.5, 31.8, 31.8, 32.2) + bump(t, 32.3, 32.6, 32.6, 33.1);
    x += side * 11 * clink; y -= 8 * clink; rot += side * 4 * clink;
    s *= 1 + 0.09 * bump(t, 24, 24.8, 25.4, 26.4);
    rot -= side * 5 * bump(t, 24, 24.8, 25.4, 26.4);
  }
  if (name === 'filters') s *= 1 + 0.1 * bump(t, 49.4, 50.2, 51.4, 52.2);
  if (name === 'beans') { s *= 1 + 0.08 * bump(t, 59.4, 60, 60.4, 61.2); rot += 6 * bump(t, 55.6, 56.1, 56.3, 56.9); }
  return { name, x, y, s, rot, up };
}

/** How far the kettle is tipped over the set on the bench; water runs when it is nearly all the way. */
export const pouring = (t) => bump(t, 37.1, 37.9, 40.1, 40.4);

/** Angle of the grinder's crank: three and a half slow turns while it is held. */
export const crankTurn = (t) => Math.PI * 2 * 5 * ramp(t, 64.6, 69.3);
/** The crank's knob in the grinder's own coordinates: a circle seen from the side. */
export const crankKnob = (turn) => [117 + 66 * Math.cos(turn), 54 + 13 * Math.sin(turn)];

/** A point of a thing's drawing, on stage. */
export function onStage(pose, [px, py]) {
  const [bx, by] = THINGS[pose.name].base;
  const a = (pose.rot * Math.PI) / 180;
  const dx = (px - bx) * pose.s, dy = (py - by) * pose.s;
  return [pose.x + dx * Math.cos(a) - dy * Math.sin(a), pose.y + dx * Math.sin(a) + dy * Math.cos(a)];
}

function gripOf(thing, side, t) {
  const grip = THINGS[thing.name].grip[side];
  if (!grip) return null;
  if (thing.name === 'grinder' && side === 'r') {
    const [kx, ky] = crankKnob(crankTurn(t));
    const w = bump(t, 64, 64.6, 69.3, 69.6);
    return [mix(grip[0], kx + 9, w), mix(grip[1], ky - 14, w)];
  }
  return grip;
}

/** One hand: where its palm is, how it is turned, whether it is open, and how firmly it holds. */
function hand(side, t, chapter, things) {
  const left = side === 'l';
  // At rest on the bench's edge, a little alive.
  let x = left ? 238 : 500, y = 962 + 2 * wave(t, 19, left ? 0 : 2), turn = left ? -8 : 8, open = 0, grasp = 0;
  // She talks with her hands when they are free.
  const talk = left ? bump(t, 72.9, 73.5, 75, 75.8) : bump(t, 3.4, 4, 5.4, 6.1);
  const greet = left ? bump(t, 0.5, 1.2, 2.5, 3.2) : 0;
  const lifted = talk + greet;
  if (lifted > 0) {
    const px = left ? mix(176, 128, greet) : 590, py = mix(720, 596, greet) + 10 * wave(t, 60);
    x = mix(x, px, lifted); y = mix(y, py, lifted);
    const facing = left ? -12 + greet * 16 * Math.sin((t - 0.5) * 9.5) : 24 + 8 * wave(t, 47);
    turn = mix(turn, facing, lifted);
    open = lifted > 0.35 ? 1 : 0;
  }
  for (const thing of things) {
    const grip = gripOf(thing, side, t);
    if (!grip) continue;
    const first = chapter.first === 'both' || chapter.first === side;
    const w = first
      ? bump(t, chapter.pin - 0.6, chapter.pin, chapter.down + LIFT, chapter.down + LIFT + 0.55)
      : bump(t, chapter.join ?? chapter.pin + 0.35, (chapter.join ?? chapter.pin + 0.35) + 0.6, chapter.down - 0.1, chapter.down + 0.5);
    if (w === 0) continue;
    const [gx, gy] = onStage(thing, grip);
    x = mix(x, gx, w); y = mix(y, gy, w);
    turn = mix(turn, thing.rot, w);
    open = open && w < 0.3 ? 1 : 0;
    grasp = Math.max(grasp, w);
  }
  return { side, x, y, turn, open, grasp };
}

const BLINKS = (() => {
  const at = [];
  let seed = 7;
  for (let t = 1.9; t < LOOP_S - 0.6;) { at.push(t); seed = (seed * 48271) % 2147483647; t += 2.1 + (seed % 1000) / 1000 * 2.6; }
  return at;
})();

function face(t, mouth, speech, looking) {
  const frame = Math.min(mouth.length - 1, Math.max(0, Math.round(t * 30)));
  const [open, wide] = mouth[frame];
  let slow = 0;
  for (let i = -12; i <= 6; i++) slow += (mouth[(frame + i + mouth.length) % mouth.length][0]) / 19;
  // Between lines she smiles; a pause inside a line is too short for that.
  let smile = 1;
  for (const line of speech) smile = Math.min(smile, 1 - bump(t, line.at_ms / 1000 - 0.35, line.at_ms / 1000, line.until_ms / 1000 - 0.05, line.until_ms / 1000 + 0.4));
  const blink = Math.max(0, ...BLINKS.map((b) => bump(t, b, b + 0.07, b + 0.1, b + 0.2)));
  const lift = speech.reduce((sum, line) => sum + bump(t, line.at_ms / 1000 - 0.1, line.at_ms / 1000 + 0.2, line.at_ms / 1000 + 0.7, line.at_ms / 1000 + 1.4), 0);
  return { open, wide, slow, smile, blink: Math.max(blink, looking * 0.34), brow: clamp(lift * 0.7 + slow * 0.5 - looking * 0.3), look: [wave(t, 11) * 0.6, looking * 8] };
}

function camera(t) {
  let x = 360, y = 709.5, z = 1;
  const toward = (cx, cy, cz, w) => { x = mix(x, cx, w); y = mix(y, cy, w); z = mix(z, cz, w); };
  toward(364, 690, 1.06, bump(t, 7.2, 9.4, 13.9, 14));
  toward(366, 660, 1.16, bump(t, 16.9, 17, 18.6, 21));
  toward(366, 676, 1.1, bump(t, 22.6, 24.4, 26.9, 27));
  toward(368, 640, 1.2, bump(t, 29.9, 30, 33.2, 35.6));
  toward(362, 680, 1.08, bump(t, 36.6, 38.4, 39.9, 40));
  toward(366, 650, 1.18, bump(t, 42.3, 42.4, 44.2, 46.4));
  toward(366, 660, 1.14, bump(t, 48, 49.8, 51.4, 53.6));
  toward(366, 668, 1.12, bump(t, 55, 56.6, 56.9, 57));
  toward(366, 654, 1.16, bump(t, 59.3, 59.4, 60.4, 62.4));
  toward(372, 640, 1.22, bump(t, 64, 66, 68.8, 70.8));
  if (t >= PORTRAIT) toward(372, mix(388, 396, ramp(t, PORTRAIT, 74)), 1.72, 1 - ramp(t, 72.6, 79.2));
  // A hand-held breath of drift.
  x += 3.2 * wave(t, 6) + 1.4 * wave(t, 13, 1);
  y += 2.6 * wave(t, 7, 2) + 1.2 * wave(t, 15);
  return { x, y, z: z * 1.012 + 0.008 * wave(t, 4) };
}

/** Everything the stage needs to draw the picture at `t`. */
export function scene(t, { mouth, speech }) {
  t = ((t % LOOP_S) + LOOP_S) % LOOP_S;
  const chapter = CHAPTERS.find((c) => t >= c.pin - 0.65 && t < c.down + LIFT + 0.6) ?? null;
  const poses = dressing(t).map((name) => thingPose(name, chapter?.things.includes(name) ? chapter : null, t));
  const held = chapter ? poses.filter((p) => chapter.things.includes(p.name)) : [];
  const standing = poses.filter((p) => !held.includes(p)).sort((a, b) => a.y - b.y);
  const hands = ['l', 'r'].map((side) => hand(side, t, chapter, held));
  const fetching = chapter ? bump(t, chapter.pin - 0.6, chapter.pin, chapter.pin + 0.1, chapter.pin + LIFT + 0.1)
    + bump(t, chapter.down, chapter.down + LIFT, chapter.down + LIFT, chapter.down + LIFT + 0.6) : 0;
  const glance = chapter ? bump(t, chapter.pin + 1.6, chapter.pin + 1.9, chapter.pin + 2.6, chapter.pin + 3) * 0.7 : 0;
  const looking = clamp(fetching + glance + 0.8 * pouring(t));
  // Where she looks when she fetches: toward the thing.
  const aim = (held.length === 1 ? clamp((held[0].x - 372) / 240, -1, 1) * fetching : 0) + 0.12 * pouring(t);
  const f = face(t, mouth, speech, looking);
  f.look[0] += aim * 4;
  const breath = wave(t, 20);
  const body = { x: 2.4 * wave(t, 9) + 10 * aim, y: 1.6 * breath + 10 * fetching, lean: 0.35 * wave(t, 9, 0.4) + 1.2 * aim, breath };
  const head = {
    turn: clamp(0.42 * wave(t, 8, 0.7) + 0.22 * wave(t, 21) + 0.7 * aim, -1, 1),
    tilt: 1.5 * wave(t, 10, 2) + 0.8 * wave(t, 27) + 2 * aim,
    nod: 2.2 * wave(t, 17) * (0.4 + f.slow) + 6 * f.slow + 11 * looking,
  };
  const cut = chapter?.insert && t >= chapter.insert[0] && t < chapter.insert[1]
    ? { slug: chapter.slug, at: t - chapter.insert[0], length: chapter.insert[1] - chapter.insert[0] } : null;
  return { t, chapter, standing, held, hands, body, head, face: f, camera: camera(t), cut };
}
