// Draws the host: body and hair from pieces, arms by two-bone reach, face by hand.
import { mix, clamp } from './acting.js';
import { place } from './pieces.js';

const SHOULDER = { l: [212, 580], r: [532, 580] };
const UPPER = 228;
const ELBOW_AT_REST = Math.atan2(222, -24); // the direction the drawn upper arm points in
const rad = (degrees) => (degrees * Math.PI) / 180;

function around(ctx, [x, y], degrees, draw, sx = 1, sy = sx) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(rad(degrees));
  ctx.scale(sx, sy);
  ctx.translate(-x, -y);
  draw();
  ctx.restore();
}

/** Head and what moves with it, as one transform about the neck. */
function withHead(ctx, { body, head }, draw) {
  ctx.save();
  ctx.translate(body.x * 1.2, body.y * 1.1 + head.nod * 0.35);
  around(ctx, [373, 476], head.tilt + body.lean, draw);
  ctx.restore();
}

export function drawBody(ctx, pieces, scene) {
  const { body, head } = scene;
  ctx.save();
  ctx.globalAlpha = 0.28;
  ctx.fillStyle = '#5a321e';
  ctx.translate(372 + body.x, 740);
  ctx.scale(1.1, 1.3);
  ctx.drawImage(pieces.get('shadow').canvas, -260, -260, 520, 520);
  ctx.restore();
  withHead(ctx, scene, () => {
    ctx.save();
    ctx.translate(-head.turn * 5, -head.nod * 0.25);
    place(ctx, pieces.get('bun'));
    ctx.restore();
    ctx.save();
    ctx.translate(-head.turn * 2, 0);
    place(ctx, pieces.get('back-hair'));
    ctx.restore();
  });
  ctx.save();
  ctx.translate(body.x, body.y);
  around(ctx, [372, 960], body.lean, () => place(ctx, pieces.get('torso')), 1, 1 + 0.004 * body.breath);
  ctx.restore();
  withHead(ctx, scene, () => {
    place(ctx, pieces.get('face'));
    drawFeatures(ctx, scene);
  });
}

function line(ctx, path, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineCap = 'round';
  ctx.stroke(new Path2D(path));
}

function drawFeatures(ctx, { head, face }) {
  const dx = head.turn * 6, dy = head.nod * 0.55;
  ctx.save();
  ctx.translate(dx, dy);
  // brows
  const b = -face.brow * 6 + face.blink * 1.5;
  line(ctx, `M328 ${354 + b}c8-6 18-7 26-3`, '#2b1810', 5);
  line(ctx, `M392 ${351 + b}c8-4 18-3 26 3`, '#2b1810', 5);
  // eyes: the lid comes down over the iris
  const lid = mix(-8, 4, face.blink), drop = face.blink * 3;
  for (const x of [332, 392]) {
    const cx = x + 11 + face.look[0], cy = 379 + face.look[1] * 0.5;
    ctx.save();
    ctx.clip(new Path2D(`M${x - 4} ${378 + drop}C${x + 2} ${378 + drop + lid * 1.1} ${x + 20} ${378 + drop + lid * 1.1} ${x + 26} ${378 + drop}V400H${x - 4}z`));
    ctx.fillStyle = '#22130c';
    ctx.beginPath();
    ctx.ellipse(cx, cy, 5.6, 6.6 * (1 - 0.75 * Math.max(0, face.blink - 0.5)), 0, 0, 7);
    if (face.blink < 0.9) ctx.fill();
    ctx.fillStyle = '#fff';
    ctx.beginPath();
    ctx.arc(cx + 2, cy - 2, 1.8, 0, 7);
    if (face.blink < 0.6) ctx.fill();
    ctx.restore();
    line(ctx, `M${x} ${378 + drop}c5 ${lid} 17 ${lid} 22 0`, '#2b1810', 4.5);
  }
  ctx.translate(head.turn * 2.5, head.nod * 0.12);
  line(ctx, 'M376 378c2 14 6 22 4 30-2 5-10 5-14 3', '#8a5433', 3.5);
  ctx.restore();
  ctx.save();
  ctx.translate(dx * 0.9, dy * 1.05);
  drawMouth(ctx, face);
  ctx.restore();
}

function drawMouth(ctx, { open, wide, smile }) {
  // The smile at rest is a broad one; in speech the corners follow the vowel.
  const o = mix(open, 0.5, smile), half = mix(21.5 + 4.5 * wide + 2 * (1 - open), 27, smile);
  const lift = mix(1.5, 2, smile), top = mix(3 - 5 * open, 7.5, smile), depth = mix(4 + 21 * open, 25, smile);
  const l = 373 - half, r = 373 + half, y = 429 - lift;
  if (o < 0.1) {
    line(ctx, `M${l} ${y}C${l + 10} ${y + 11} ${r - 10} ${y + 11} ${r} ${y}`, '#84382a', 4.2);
    line(ctx, `M362 ${y + 17}q11 4 22 0`, 'rgba(122,66,40,.35)', 3);
    return;
  }
  const outline = new Path2D(`M${l} ${y}C${l + half * 0.52} ${y + top} ${r - half * 0.52} ${y + top} ${r} ${y}C${r - 4} ${y + depth * 0.72} ${r - half * 0.5} ${y + depth} 373 ${y + depth}C${l + half * 0.5} ${y + depth} ${l + 4} ${y + depth * 0.72} ${l} ${y}z`);
  ctx.save();
  ctx.lineJoin = 'round';
  ctx.strokeStyle = '#a4553d';
  ctx.lineWidth = mix(4, 1.4, smile);
  ctx.stroke(outline);
  ctx.fillStyle = '#7c2f22';
  ctx.fill(outline);
  ctx.clip(outline);
  ctx.fillStyle = '#b4594a';
  ctx.globalAlpha = clamp((o - 0.25) * 2) * (1 - smile * 0.6);
  ctx.beginPath();
  ctx.ellipse(373, y + depth + 2, half * 0.62, 9, 0, 0, 7);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.fillStyle = '#fff6ec';
  const teeth = mix(3.5 + 3 * open, 10, smile), inset = mix(5, 3.5, smile);
  ctx.fill(new Path2D(`M${l + inset} ${y - 2}H${r - inset}C${r - inset - 3} ${y + top * 0.75 + teeth} ${l + inset + 3} ${y + top * 0.75 + teeth} ${l + inset} ${y - 2}z`));
  ctx.restore();
}

/** Where elbow and wrist are for a hand at its target; both arms are worked out as the left one. */
function reach(side, hand, body) {
  const flip = side === 'r' ? -1 : 1;
  const sx = 372 + flip * (SHOULDER.l[0] - 372) + body.x, sy = SHOULDER.l[1] + body.y;
  const a = rad(hand.turn);
  // A holding hand lies sideways from its wrist, an open hand stands on it, a resting hand hangs from it.
  const back = hand.open ? [0, 46] : [mix(-flip * 2, -flip * 24, hand.grasp), mix(-22, 2, hand.grasp)];
  const wx = hand.x + back[0] * Math.cos(a) - back[1] * Math.sin(a), wy = hand.y + back[0] * Math.sin(a) + back[1] * Math.cos(a);
  const dx = (wx - sx) * flip, dy = wy - sy;
  // The elbow points down and a little out, never far from the body; the forearm takes what length is left, for
  // it may point at the viewer.
  const bend = rad(mix(29, 12, clamp((Math.hypot(dx, dy) - 190) / 200)));
  const aim = clamp(Math.atan2(dy, dx) + bend, rad(82), rad(104));
  const ex = UPPER * Math.cos(aim), ey = UPPER * Math.sin(aim);
  return { shoulder: [sx, sy], elbow: [sx + flip * ex, sy + ey], wrist: [wx, wy], aim };
}

export function drawUpperArm(ctx, pieces, hand, body) {
  const flip = hand.side === 'r' ? -1 : 1;
  const { shoulder, aim } = reach(hand.side, hand, body);
  ctx.save();
  ctx.translate(body.x, body.y);
  around(ctx, [shoulder[0] - body.x, shoulder[1] - body.y], (flip * (aim - ELBOW_AT_REST) * 180) / Math.PI, () => place(ctx, pieces.get(`upper-arm-${hand.side}`)));
  ctx.restore();
}

const SLEEVE = { l: ['#52726d', '#3a5552'], r: ['#2c4341', '#1d2d2c'] };
const SKIN = { l: ['#d0935f', '#b4774b', '#9a623d'], r: ['#a66d45', '#96603b', '#834f30'] };
const CUFF = { l: '#6f918b', r: '#3d5855' };

export function drawForearm(ctx, hand, body) {
  const { elbow, wrist } = reach(hand.side, hand, body);
  const dx = wrist[0] - elbow[0], dy = wrist[1] - elbow[1], length = Math.hypot(dx, dy);
  const under = hand.side === 'r' ? -1 : 1; // light falls from the left and above
  ctx.save();
  ctx.translate(...elbow);
  ctx.rotate(Math.atan2(dy, dx));
  const across = (colours) => {
    const fade = ctx.createLinearGradient(0, -36 * under, 0, 36 * under);
    colours.forEach((c, i) => fade.addColorStop(i / (colours.length - 1), c));
    return fade;
  };
  ctx.fillStyle = across(under > 0 ? SKIN[hand.side] : [...SKIN[hand.side]].reverse());
  ctx.fill(new Path2D(`M${length * 0.36} -35C${length * 0.62} -34 ${length * 0.8} -26 ${length + 6} -22Q${length + 22} 0 ${length + 6} 22C${length * 0.8} 28 ${length * 0.62} 34 ${length * 0.36} 35z`));
  const cuff = length * 0.5;
  ctx.fillStyle = across(under > 0 ? SLEEVE[hand.side] : [...SLEEVE[hand.side]].reverse());
  ctx.fill(new Path2D(`M0 -43C${cuff * 0.4} -44 ${cuff * 0.7} -42 ${cuff} -39Q${cuff + 9} 0 ${cuff} 39C${cuff * 0.7} 42 ${cuff * 0.4} 44 0 43A43 43 0 0 1 0 -43z`));
  line(ctx, `M${cuff} -37Q${cuff + 9} 0 ${cuff} 37`, CUFF[hand.side], 6);
  ctx.restore();
}

/** An open hand, palm to the viewer, standing on its wrist. */
function drawOpenHand(ctx, hand) {
  const [light, mid, dark] = SKIN[hand.side];
  const flip = hand.side === 'r' ? -1 : 1;
  const fingers = [[-19, -50, -31, -86], [-7, -54, -11, -100], [6, -54, 8, -101], [18, -50, 25, -90]];
  ctx.scale(flip, 1);
  ctx.translate(0, 46);
  for (const [x1, y1, x2, y2] of fingers) line(ctx, `M${x1} ${y1}L${x2} ${y2}`, mid, 14.5);
  line(ctx, 'M20 -24C32 -30 40 -40 46 -54', mid, 16);
  const palm = ctx.createLinearGradient(-26, 0, 26, 0);
  palm.addColorStop(0, light);
  palm.addColorStop(1, mid);
  ctx.fillStyle = palm;
  ctx.fill(new Path2D('M-22 8C-26 -10 -30 -34 -26 -54Q0 -66 25 -54C30 -34 28 -14 20 8Q0 16 -22 8z'));
  for (const [x1, y1, x2, y2] of fingers) line(ctx, `M${x1 - 1.5} ${y1}L${x2 - 1.5} ${y2}`, light, 10.5);
  line(ctx, 'M19 -25C31 -31 38 -41 44 -54', light, 11);
  line(ctx, 'M-18 -30C-8 -40 8 -41 18 -36', dark, 1.8);
  line(ctx, 'M10 -8C0 -16 -2 -28 6 -36', dark, 1.8);
}

/** A hand at ease on the bench's edge, knuckles to the viewer. */
function drawRestingHand(ctx, hand) {
  const [light, mid, dark] = SKIN[hand.side];
  ctx.scale(hand.side === 'r' ? -1 : 1, 1);
  const fingers = [[-17, 10, -20, 33], [-5.5, 13, -6, 40], [6.5, 13, 8, 40], [18, 9, 21, 33]];
  line(ctx, 'M20 -8C31 -2 36 8 36 20', mid, 14);
  const knuckles = ctx.createLinearGradient(0, -34, 0, 30);
  knuckles.addColorStop(0, light);
  knuckles.addColorStop(1, mid);
  ctx.fillStyle = knuckles;
  ctx.fill(new Path2D('M-19 -30Q0 -40 19 -30C27 -14 29 4 26 16Q0 26 -25 16C-28 2 -26 -16 -19 -30z'));
  for (const [x1, y1, x2, y2] of fingers) line(ctx, `M${x1} ${y1}L${x2} ${y2}`, dark, 14.5);
  for (const [x1, y1, x2, y2] of fingers) line(ctx, `M${x1 - 0.8} ${y1 - 1}L${x2 - 0.8} ${y2 - 1.5}`, mid, 12);
  for (const [x1, y1] of fingers) line(ctx, `M${x1 - 3} ${y1 - 1}q3 -3 6 0`, light, 2.2);
}

/** The part of a hand behind what it holds, or all of an open hand. */
export function drawPalm(ctx, pieces, hand) {
  ctx.save();
  ctx.translate(hand.x, hand.y);
  ctx.rotate(rad(hand.turn));
  if (hand.open) drawOpenHand(ctx, hand);
  else if (hand.grasp < 0.3) drawRestingHand(ctx, hand);
  else place(ctx, pieces.get(`palm-${hand.side}`));
  ctx.restore();
}

/** Thumb and fingers in front. */
export function drawFingers(ctx, pieces, hand) {
  if (hand.open || hand.grasp < 0.3) return;
  ctx.save();
  ctx.translate(hand.x, hand.y);
  ctx.rotate(rad(hand.turn));
  place(ctx, pieces.get(`fingers-${hand.side}`));
  ctx.restore();
}
