// Pictures of every screen, from the built dashboard over the mock: `node dev/shots.mjs OUT [name…]`.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { makeHls } from './hls.mjs';
import { startMock } from './mock.mjs';
import { screens } from './screens.mjs';

const [out = join(tmpdir(), 'dashboard-shots'), ...wanted] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
const hls = await makeHls(
  join(tmpdir(), 'dashboard-hls'),
  browser,
  fileURLToPath(new URL('art/scene.svg', import.meta.url)),
);

for (const screen of screens) {
  if (wanted.length && !wanted.some((name) => screen.name.startsWith(name))) continue;
  const mock = await startMock({ signedIn: screen.signedIn ?? true, role: screen.role, empty: screen.empty, hls });
  for (const [width, height] of screen.sizes ?? [[1440, 900]]) {
    for (const scheme of screen.schemes ?? ['light']) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const said = [];
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      screen.before?.(mock);
      await page.goto(mock.url + screen.path);
      page.setDefaultTimeout(6000);
      await Promise.resolve(screen.act?.(page, mock)).catch((error) =>
        console.log(screen.name, width, scheme, String(error).split('\n')[0]),
      );
      await page.waitForTimeout(screen.settle ?? 500);
      await page.screenshot({
        path: join(out, `${screen.name}-${width}${scheme === 'dark' ? '-dark' : ''}.png`),
        fullPage: screen.full ?? false,
      });
      if (said.length) console.log(screen.name, width, scheme, [...new Set(said)].slice(0, 5));
      await context.close();
    }
  }
  await mock.close();
}
await browser.close();
