// Every screen that is photographed is also checked: names, roles, contrast, order. Once on a desk in light; those made
// for a phone also there, in dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { screens } from '../dev/screens.mjs';
import { useBrowser, visit } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// States of a screen that are photographed in one look alone (a dialog, a warning) are checked with AXE=all.
const checked = screens.filter(({ sizes, schemes }) => sizes || schemes || process.env.AXE === 'all');

describe('every screen', () => {
  useBrowser();
  for (const screen of checked) {
    const [first, ...others] = screen.sizes ?? [[1440, 900]];
    const phone = others.find(([width]) => width < 640);
    const looks = [{ size: first, scheme: 'light' }, ...(phone ? [{ size: phone, scheme: 'dark' }] : [])];
    for (const {
      size: [width, height],
      scheme,
    } of looks) {
      it(`${screen.name} at ${width}, ${scheme}, has no faults that axe can find`, () =>
        visit(
          screen.path,
          {
            width,
            height,
            scheme,
            role: screen.role,
            empty: screen.empty,
            signedIn: screen.signedIn ?? true,
            before: screen.before,
            mayFail: [/ERR_/],
          },
          async (page, mock) => {
            await screen.act?.(page, mock);
            // Pictures over which text stands are judged by eye: axe can't see through them.
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() =>
              window.axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
              }),
            );
            assert.deepEqual(
              violations.map(
                ({ id, nodes }) =>
                  `${id}: ${nodes
                    .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
                    .slice(0, 3)
                    .join(' | ')}`,
              ),
              [],
            );
          },
        ));
    }
  }
});
