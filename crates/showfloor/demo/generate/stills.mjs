// Product pictures, the host's avatar and the covers, from the same art.
// usage: node stills.mjs WORK_DIR OUT_DIR
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage, shoot } from './browser.mjs';

const [work, out] = process.argv.slice(2);
mkdirSync(join(out, 'images'), { recursive: true });
const art = readFileSync(new URL('art.svg', import.meta.url), 'utf8');
const defs = art.slice(art.indexOf('<defs>'), art.lastIndexOf('</defs>') + 7);
const BACKDROPS = { cream: ['#f0e3d1', '#d9bf9e'], sage: ['#e3e6da', '#bcc4ad'], ash: ['#ebe6e0', '#c9c0b6'] };
const PRODUCTS = {
  hana: ['thing-set', 'cream', 120, 252], ridge: ['thing-mugs', 'sage', 112, 250], tomo: ['thing-kettle', 'ash', 120, 254],
  filters: ['thing-filters', 'cream', 120, 256], beans: ['thing-beans', 'ash', 120, 256], grinder: ['thing-grinder', 'ash', 117, 254],
};

const { browser, page } = await openPage(work, 960, 960);
for (const [name, [id, backdrop, x, y]] of Object.entries(PRODUCTS)) {
  const [top, bottom] = BACKDROPS[backdrop];
  // Centred on the thing with air around it; a soft shadow and a little light make it stand somewhere.
  await page.setContent(`<style>html,body{margin:0}</style><svg xmlns="http://www.w3.org/2000/svg" width="960" height="960" viewBox="${x - 172} -32 344 344">${defs}
    <defs><linearGradient id="back" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>
    <radialGradient id="ground"><stop offset="0" stop-color="#3a2413" stop-opacity=".5"/><stop offset=".5" stop-color="#3a2413" stop-opacity=".2"/><stop offset="1" stop-color="#3a2413" stop-opacity="0"/></radialGradient></defs>
    <rect x="${x - 172}" y="-32" width="344" height="344" fill="url(#back)"/>
    <circle cx="${x - 70}" cy="60" r="190" fill="url(#glow)" opacity=".42"/>
    <ellipse cx="${x + 8}" cy="${y - 1}" rx="132" ry="15" fill="url(#ground)"/>
    <g style="--glaze:#efe4d2"><use href="#${id}"/></g></svg>`);
  await page.screenshot({ path: join(out, 'images', `${name}.jpg`), type: 'jpeg', quality: 90 });
}
await browser.close();

/** Name, size, moment of the programme, and what of the studio is in view (centre and width, in the art's units). */
const STILLS = [
  ['cover-tall.jpg', 1080, 1920, 11, { x: 368, y: 668, across: 690 }],
  ['cover-wide.jpg', 1600, 900, 11, { x: 372, y: 568, across: 1500 }],
  ['images/mara.jpg', 640, 640, 0, { x: 376, y: 335, across: 330 }],
];
for (const [name, width, height, t, view] of STILLS) {
  const stage = await openPage(work, width, height);
  writeFileSync(join(out, name), await shoot(stage.page, t, view));
  await stage.browser.close();
}
