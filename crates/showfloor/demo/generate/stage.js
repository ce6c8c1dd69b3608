// Draws one moment of the programme: room, host, bench, things, steam, light, camera.
import { GLAZES, loadPieces, place } from './pieces.js';
import { THINGS, clamp, crankKnob, crankTurn, mix, onStage, pouring, ramp, scene, wave } from './acting.js';
import { drawBody, drawFingers, drawForearm, drawPalm, drawUpperArm } from './figure.js';

const VIEW_WIDTH = 760; // units across the whole picture at zoom 1
const HOST_AT = [2, -34]; // the host stands a little behind the bench

export async function openStage({ width, height, mouth, speech }) {
  const pieces = await loadPieces();
  pieces.set('shadow', tinted(pieces.get('puff'), '#5a321e'));
  pieces.set('contact', tinted(pieces.get('puff'), '#1d0f09'));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const ctx = canvas.getContext('2d', { alpha: false });
  ctx.imageSmoothingQuality = 'high';
  const size = { width, height };
  return {
    canvas,
    /** `view` overrides the camera: `{x, y, across}`, for stills, in which she smiles. */
    draw(t, view) {
      const now = scene(t, { mouth, speech });
      if (view) Object.assign(now.face, { smile: 1, open: 0, blink: 0, brow: 0.3, look: [0, 0] });
      if (now.cut && !view) drawInsert(ctx, pieces, now, size);
      else drawWide(ctx, pieces, now, size, view);
      grade(ctx, size);
    },
  };
}

function tinted(piece, colour) {
  const canvas = new OffscreenCanvas(64, 64);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(piece.canvas, 0, 0);
  ctx.globalCompositeOperation = 'source-in';
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 64, 64);
  return { ...piece, canvas };
}

/** Sets the camera; `depth` under 1 is farther than the host and moves less. */
function look(ctx, size, camera, view, depth) {
  const across = view ? view.across : VIEW_WIDTH / mix(1, camera.z, depth);
  const x = view ? view.x : mix(360, camera.x, depth), y = view ? view.y : mix(709.5, camera.y, depth);
  const scale = size.width / across;
  ctx.setTransform(scale, 0, 0, scale, size.width / 2 - x * scale, size.height / 2 - y * scale);
}

function drawWide(ctx, pieces, now, size, view) {
  const { t, camera } = now;
  look(ctx, size, camera, view, 0.9);
  place(ctx, pieces.get('room'));
  ctx.save();
  ctx.translate(161, 508);
  ctx.rotate(0.022 * wave(t, 12) + 0.009 * wave(t, 31));
  ctx.translate(-161, -508);
  place(ctx, pieces.get('grass'));
  ctx.restore();
  drawLight(ctx, pieces, t);

  look(ctx, size, camera, view, 1);
  ctx.translate(...HOST_AT);
  drawBody(ctx, pieces, now);
  for (const hand of now.hands) drawUpperArm(ctx, pieces, hand, now.body);
  ctx.translate(-HOST_AT[0], -HOST_AT[1]);
  place(ctx, pieces.get('table'));
  ctx.translate(...HOST_AT);
  const front = now.standing.filter((thing) => thing.y > 1001), back = now.standing.filter((thing) => thing.y <= 1001);
  for (const thing of back) drawThing(ctx, pieces, thing, t);
  for (const hand of now.hands) if (hand.grasp === 0 && !hand.open) restShadow(ctx, pieces, hand);
  for (const hand of now.hands) drawForearm(ctx, hand, now.body);
  for (const hand of now.hands) drawPalm(ctx, pieces, hand);
  for (const thing of now.held) drawThing(ctx, pieces, thing, t);
  for (const hand of now.hands) drawFingers(ctx, pieces, hand);
  for (const thing of front) drawThing(ctx, pieces, thing, t);
  drawPour(ctx, now);
  for (const thing of [...now.standing, ...now.held]) drawSteam(ctx, pieces, thing, t);
}

/** Water from the kettle's spout into the set on the bench. */
function drawPour(ctx, { t, held, standing }) {
  const kettle = held.find((thing) => thing.name === 'kettle'), set = standing.find((thing) => thing.name === 'hana');
  const flow = clamp((pouring(t) - 0.86) / 0.14);
  if (!kettle || !set || flow === 0) return;
  const [x, y] = onStage(kettle, [-15, 109]), [cx, cy] = onStage(set, [112, 36]);
  ctx.lineCap = 'round';
  for (const [colour, width, shift] of [['rgba(190,165,135,.55)', 6.5, 0], ['rgba(255,250,240,.8)', 2.6, -1]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width + 0.5 * wave(t, 210);
    ctx.beginPath();
    ctx.moveTo(x + shift, y);
    ctx.quadraticCurveTo(cx + shift, y + 4, cx + shift, mix(y, cy, flow));
    ctx.stroke();
  }
  ctx.strokeStyle = `rgba(255,236,205,${0.35 * flow})`;
  ctx.lineWidth = 2;
  const ring = (t * 1.6) % 1;
  ctx.globalAlpha = 1 - ring;
  ctx.beginPath();
  ctx.ellipse(cx, cy, 4 + 26 * ring, 1 + 4 * ring, 0, 0, 7);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function restShadow(ctx, pieces, hand) {
  ctx.globalAlpha = 0.4;
  ctx.drawImage(pieces.get('contact').canvas, hand.x - 52, hand.y + 14, 104, 44);
  ctx.globalAlpha = 1;
}

function drawThing(ctx, pieces, thing, t, art = THINGS[thing.name].art) {
  const [bx, by] = THINGS[thing.name].base;
  const wide = 84 * thing.s;
  ctx.globalAlpha = mix(0.62, 0.2, thing.up);
  ctx.drawImage(pieces.get('contact').canvas, thing.x - wide * 1.35, thing.y - 17, wide * 2.7, 34);
  ctx.globalAlpha = 1;
  ctx.save();
  ctx.translate(thing.x, thing.y);
  ctx.rotate((thing.rot * Math.PI) / 180);
  ctx.scale(thing.s, thing.s);
  ctx.translate(-bx, -by);
  if (thing.name === 'grinder') drawCrank(ctx, thing.still ? 0 : crankTurn(t));
  place(ctx, pieces.get(art));
  ctx.restore();
}

function drawCrank(ctx, turn) {
  const [kx, ky] = crankKnob(turn);
  ctx.strokeStyle = '#b9aea0';
  ctx.lineWidth = 11;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(117, 62);
  ctx.lineTo(kx, ky);
  ctx.stroke();
  ctx.fillStyle = '#9a6640';
  ctx.beginPath();
  ctx.roundRect(kx - 12, ky - 36, 24, 38, 11);
  ctx.fill();
  ctx.fillStyle = 'rgba(255,240,220,.25)';
  ctx.beginPath();
  ctx.roundRect(kx - 7, ky - 32, 5, 28, 3);
  ctx.fill();
}

/** Where steam rises from a thing, in its own coordinates, how far, and how much. */
const STEAM = { hana: [[104, 26, 1], [138, 26, 0.9]], oat: [[62, 136, 0.55], [84, 136, 0.45]], kettle: [[-12, 96, 0.7]] };

function drawSteam(ctx, pieces, thing, t, size = 1) {
  const puff = pieces.get('puff').canvas;
  (STEAM[thing.name] ?? []).forEach(([px, py, amount], strand) => {
    const [x, y] = onStage(thing, [px, py]);
    const rise = 104 * thing.s * size;
    for (let i = 0; i < 44; i++) {
      const h = i / 44;
      const sway = (4 + 15 * h) * thing.s * size;
      const dx = sway * Math.sin(h * (6.2 + strand * 1.7) - (t * Math.PI * 2 * (34 + 5 * strand)) / 80 + strand * 1.3) + 5 * h * wave(t, 14 + strand, strand);
      const r = (7 + 13 * h) * thing.s * size;
      ctx.globalAlpha = amount * 0.075 * Math.sin(Math.PI * Math.min(1, h * 1.03)) * (0.75 + 0.25 * wave(t, 22, strand * 2));
      ctx.drawImage(puff, x + dx - r, y - h * rise - r, r * 2, r * 2);
    }
  });
  ctx.globalAlpha = 1;
}

/** The lamp breathes, a cloud passes, dust drifts through the light. */
function drawLight(ctx, pieces, t) {
  const puff = pieces.get('puff').canvas;
  ctx.globalAlpha = 0.1 + 0.05 * wave(t, 3);
  ctx.drawImage(puff, -60, -110, 800, 800);
  for (let i = 0; i < 16; i++) {
    const turns = 1 + (i % 3);
    const u = (((i * 0.381966 + (t / 80) * turns) % 1) + 1) % 1;
    const x = 130 + ((i * 97) % 480) + 22 * wave(t, 3 + (i % 4), i), y = 640 - 520 * u;
    ctx.globalAlpha = 0.34 * Math.sin(Math.PI * u) * (0.6 + 0.4 * wave(t, 9 + i, i * 2));
    const r = 2.4 + (i % 3);
    ctx.drawImage(puff, x - r, y - r, r * 2, r * 2);
  }
  ctx.globalAlpha = 1;
}

/** A close shot of the product on the bench while she keeps talking. */
function drawInsert(ctx, pieces, now, size) {
  const { t, cut } = now;
  const k = size.width / 720, push = ramp(cut.at / cut.length, -0.6, 1.6);
  // Raised a little: the lower part is where a phone shows chat.
  ctx.setTransform(k, 0, 0, k, 0, -72 * k);
  const far = pieces.get('room-far');
  const zoom = mix(1.5, 1.56, push);
  ctx.save();
  ctx.translate(360 - 14 * push, 420);
  ctx.scale(zoom, zoom);
  ctx.translate(-330, -470);
  place(ctx, far);
  ctx.restore();
  ctx.globalAlpha = 0.5;
  ctx.drawImage(pieces.get('puff').canvas, -140, -60, 1000, 1000);
  ctx.globalAlpha = 1;
  const wood = ctx.createLinearGradient(0, 770, 0, 1280);
  for (const [at, colour] of [[0, '#c48c5d'], [0.02, '#a87149'], [0.3, '#86542f'], [0.62, '#4c2c1b'], [1, '#22130c']]) wood.addColorStop(at, colour);
  ctx.fillStyle = wood;
  ctx.fillRect(0, 770, 720, 600);
  ctx.fillStyle = 'rgba(240,190,140,.55)';
  ctx.fillRect(0, 769, 720, 3);
  ctx.save();
  ctx.globalAlpha = 0.35;
  ctx.drawImage(pieces.get('puff').canvas, -60, 740, 840, 190);
  ctx.restore();

  const grow = mix(1, 1.05, push);
  const at = (name, x, y, s) => ({ name, x: 360 + (x - 360) * grow, y: 846 + (y - 846) * grow, s: s * grow, rot: 0, up: 0, still: true });
  const shots = {
    hana: [at('hana', 352, 862, 2)],
    ridge: [at('sage', 468, 828, 2.05), at('oat', 262, 872, 2.25)],
    tomo: [at('kettle', 372, 864, 1.9)],
    beans: [at('beans', 360, 864, 1.95)],
  };
  for (const thing of shots[cut.slug]) {
    if (thing.name === 'hana') drawGlazes(ctx, pieces, thing, cut, t);
    else drawThing(ctx, pieces, thing, t);
    drawSteam(ctx, pieces, thing, t, 1.1);
  }
  // A band of light passes over it.
  const sweep = mix(-500, 900, cut.at / cut.length);
  const band = ctx.createLinearGradient(sweep, 0, sweep + 420, 160);
  band.addColorStop(0, 'rgba(255,236,200,0)');
  band.addColorStop(0.5, 'rgba(255,236,200,.13)');
  band.addColorStop(1, 'rgba(255,236,200,0)');
  ctx.fillStyle = band;
  ctx.fillRect(0, 72, 720, 1280);
}

/** The set in one glaze after the other, as she names them. */
function drawGlazes(ctx, pieces, thing, cut, t) {
  const names = Object.keys(GLAZES);
  const step = clamp(cut.at / 0.56, 0, names.length - 1);
  const index = Math.floor(step), blend = ramp(step - index, 0.62, 1);
  drawThing(ctx, pieces, thing, t, `thing-set/${names[index]}`);
  if (blend > 0 && names[index + 1]) {
    const layer = new OffscreenCanvas(ctx.canvas.width, ctx.canvas.height);
    const over = layer.getContext('2d');
    over.setTransform(ctx.getTransform());
    drawThing(over, pieces, thing, t, `thing-set/${names[index + 1]}`);
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.globalAlpha = blend;
    ctx.drawImage(layer, 0, 0);
    ctx.restore();
  }
}

/** Corners fall off a little, as through a lens. */
function grade(ctx, { width, height }) {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  const reach = Math.max(width, height), middle = height * 0.42;
  const vignette = ctx.createRadialGradient(width / 2, middle, reach * 0.34, width / 2, height * 0.46, reach * 0.74);
  vignette.addColorStop(0, 'rgba(26,15,7,0)');
  vignette.addColorStop(1, 'rgba(26,15,7,.5)');
  ctx.fillStyle = vignette;
  ctx.fillRect(0, 0, width, height);
  if (height <= width) return;
  // Upright, the lower third is where a player lays its controls: the bench falls into shadow there.
  const floor = ctx.createLinearGradient(0, height * 0.66, 0, height);
  floor.addColorStop(0, 'rgba(24,13,8,0)');
  floor.addColorStop(1, 'rgba(24,13,8,.62)');
  ctx.fillStyle = floor;
  ctx.fillRect(0, height * 0.66, width, height * 0.34);
}
