// One browser for all tests, a fresh mock and a fresh page for each; every page is watched for what must never happen.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { startMock } from '../dev/mock.mjs';

let browser;

export function useBrowser() {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
  });
  after(() => browser?.close());
}

/** Opens a path over a mock of its own. `run` gets the page and the mock; afterwards nothing may have gone wrong. */
export async function visit(path, options, run) {
  const { width = 1440, height = 900, scheme = 'light', before: prepare, mayFail = [], ...world } = options;
  const mock = await startMock({ signedIn: true, ...world });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  try {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(mock.url).origin });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // A refused or failed request is written by the browser itself: those are what some tests are about.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to/.test(message.text()))
        wrong.push(message.text());
    });
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    prepare?.(mock);
    await page.goto(mock.url + path);
    await run(page, mock);
    const violations = await page.evaluate(() => window.violations);
    assert.deepEqual(violations, [], 'the page broke its own policy');
    assert.deepEqual(
      wrong.filter((text) => !mayFail.some((pattern) => pattern.test(text))),
      [],
      'the page said that something went wrong',
    );
  } finally {
    await context.close();
    await mock.close();
  }
}

export const show = (n) => `shw_${String(n).padStart(32, '0')}`;
export const order = (n) => `ord_${String(n).padStart(32, '0')}`;
export const product = (n) => `prd_${String(n).padStart(32, '0')}`;
export const live = `/shows/${show(1)}/live`;

/** The requests of a page to a path, with their headers. */
export function requestsTo(page, part) {
  const found = [];
  page.on('request', (request) => {
    if (request.url().includes(part))
      found.push({ method: request.method(), headers: request.headers(), body: request.postDataJSON() });
  });
  return found;
}
