// Turns groups of art.svg into bitmaps once, so that a frame is a few dozen image copies instead of a page of vectors.

/** Group → [x, y, width, height] of what it covers in its own coordinates, and pixels per unit. */
const PIECES = {
  room: [[-420, -120, 1580, 1220], 1.3],
  grass: [[100, 340, 130, 190], 1.6],
  table: [[-420, 900, 1580, 560], 1.1],
  bun: [[320, 210, 120, 104], 2],
  'back-hair': [[280, 258, 190, 180], 2],
  torso: [[150, 420, 450, 560], 1.8],
  face: [[284, 264, 176, 214], 2.6],
  'upper-arm-l': [[140, 530, 130, 310], 1.8],
  'upper-arm-r': [[474, 530, 130, 310], 1.8],
  'palm-l': [[-40, -60, 96, 116], 2.2],
  'palm-r': [[-56, -60, 96, 116], 2.2],
  'fingers-l': [[-30, -64, 110, 120], 2.2],
  'fingers-r': [[-80, -64, 110, 120], 2.2],
};
const THING_BOX = [[-40, 0, 310, 270], 3];
const THINGS = ['thing-set', 'thing-kettle', 'mug-oat', 'mug-sage', 'thing-filters', 'thing-beans', 'grinder-body'];

/** The glazes the pour-over set is sold in. */
export const GLAZES = { oat: '#efe4d2', moss: '#93a08b', ink: '#4a5a66', clay: '#bd7a54' };

async function raster(defs, id, [x, y, w, h], scale, glaze) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${Math.round(w * scale)}" height="${Math.round(h * scale)}" style="--glaze:${glaze}">${defs}<use href="#${id}"/></svg>`;
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  URL.revokeObjectURL(image.src);
  return { canvas, x, y, w, h };
}

/** Loads art.svg and answers with a Map from piece name to bitmap; glazed sets are named `thing-set/moss`. */
export async function loadPieces() {
  const text = await (await fetch('art.svg')).text();
  const defs = text.slice(text.indexOf('<defs>'), text.lastIndexOf('</defs>') + 7);
  const pieces = new Map();
  for (const [id, [box, scale]] of Object.entries(PIECES)) pieces.set(id, await raster(defs, id, box, scale, GLAZES.oat));
  for (const id of THINGS) pieces.set(id, await raster(defs, id, ...THING_BOX, GLAZES.oat));
  for (const [name, colour] of Object.entries(GLAZES)) pieces.set(`thing-set/${name}`, await raster(defs, 'thing-set', ...THING_BOX, colour));
  pieces.set('room-far', softened(pieces.get('room'), 9));
  pieces.set('puff', puff());
  return pieces;
}

function softened(piece, radius) {
  const canvas = new OffscreenCanvas(piece.canvas.width / 2, piece.canvas.height / 2);
  const ctx = canvas.getContext('2d');
  ctx.filter = `blur(${radius}px)`;
  ctx.drawImage(piece.canvas, 0, 0, canvas.width, canvas.height);
  return { ...piece, canvas };
}

function puff() {
  const canvas = new OffscreenCanvas(64, 64);
  const ctx = canvas.getContext('2d');
  const fade = ctx.createRadialGradient(32, 32, 0, 32, 32, 32);
  fade.addColorStop(0, 'rgba(255,248,234,1)');
  fade.addColorStop(0.5, 'rgba(255,248,234,.38)');
  fade.addColorStop(1, 'rgba(255,248,234,0)');
  ctx.fillStyle = fade;
  ctx.fillRect(0, 0, 64, 64);
  return { canvas, x: -0.5, y: -0.5, w: 1, h: 1 };
}

/** Draws a piece where its group's own coordinates say. */
export function place(ctx, piece) {
  ctx.drawImage(piece.canvas, piece.x, piece.y, piece.w, piece.h);
}
