import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** The mock's handle, as far as the tests use it. */
export interface Mock {
  origin: string;
  url: string;
  products: { id: string; title: string; variants: { available: number; reserved: number }[] }[];
  world: { viewers: number };
  checkouts: Map<string, { state: string; quote: { total: { minor: number } } }>;
  speak(name: string, role: string, text: string, more?: object): { message: { id: string } };
  pin(index: number, at?: number): void;
  unpin(at?: number): void;
  setState(state: string, at?: number): void;
  flash(index: number, price: number, seconds: number, cap: number, at?: number): void;
  publish(message: object): unknown;
  send(message: object): void;
  tellStock(index: number, variant: number, change: object): void;
  goDown(down?: boolean): void;
  restartRoom(): void;
  close(): Promise<void>;
}

export async function openMock(options: object = {}): Promise<Mock> {
  // A module of its own at run time: the stand-in is plain JavaScript and is not bundled.
  const { startMock } = (await import(`${process.cwd()}/dev/mock.mjs`)) as {
    startMock(options: object): Promise<Mock>;
  };
  return startMock(options);
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });

export const PHONE = { width: 390, height: 844 };

/** A page at the show, with its policy violations, errors and foreign requests collected. */
export interface Seat {
  context: BrowserContext;
  page: Page;
  trouble: string[];
  requests: string[];
  leave(): Promise<void>;
}

export async function sit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { init?: () => void; path?: string } = {},
): Promise<Seat> {
  const { init, ...rest } = options;
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', ...rest });
  const page = await context.newPage();
  const trouble: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.exposeFunction('noteViolation', (text: string) => trouble.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (window as unknown as { noteViolation(text: string): void }).noteViolation(
        `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  if (init) await page.addInitScript(init);
  await page.goto(url);
  return { context, page, trouble, requests, leave: () => context.close() };
}

export const onAir = (page: Page) =>
  page.waitForFunction(
    () => (document.querySelector('showfloor-show') as { frameTime?: number | null } | null)?.frameTime != null,
    null,
    { timeout: 20_000 },
  );
export const state = (page: Page, wanted: string) =>
  page.waitForFunction((s) => document.querySelector('showfloor-show')?.getAttribute('state') === s, wanted, {
    timeout: 30_000,
  });
export const onNow = (page: Page, productId: string) =>
  page.waitForFunction((id) => document.querySelector('showfloor-show')?.getAttribute('on-now') === id, productId, {
    timeout: 15_000,
  });

export async function fillCheckout(page: Page, card: string): Promise<void> {
  const name = page.getByLabel('Name', { exact: true });
  if (await name.isVisible()) {
    await name.fill('Ana Ruiz');
    await page.getByLabel('E-mail').fill('ana@ruiz.example');
    await page.getByLabel('Street and number').fill('Bergstraße 14');
    await page.getByLabel('Postcode').fill('20095');
    await page.getByLabel('City').fill('Hamburg');
  }
  await page.getByLabel('Card number').fill(card);
  await page.getByLabel('Valid until').pressSequentially('0829');
  await page.getByLabel('Security code').fill('123');
}
