// Opens page.html in a headless Chromium; files come from this folder and the working folder, never from a network.
import { readFileSync, existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };

/** @param work the folder that has playwright-core in node_modules, mouth.json and speech.json */
export async function openPage(work, width, height) {
  const { chromium } = createRequire(join(work, 'package.json'))('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
  });
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', (error) => { console.error(error); process.exitCode = 1; });
  await page.route('**/*', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const path = [fileURLToPath(new URL(name, import.meta.url)), join(work, name)].find(existsSync);
    if (!path) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: TYPES[extname(name)] ?? 'application/octet-stream', body: readFileSync(path) });
  });
  await page.goto(`http://studio.invalid/page.html?width=${width}&height=${height}`);
  await page.waitForFunction(() => window.ready === true, null, { timeout: 60_000 });
  return { browser, page };
}

/** One moment as JPEG bytes. */
export async function shoot(page, t, view) {
  const url = await page.evaluate(([at, v]) => window.frame(at, v), [t, view]);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
