import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { onAir, onNow, openBrowser, openMock, sit, state, type Mock } from './stage.ts';

describe('watching', () => {
  let mock: Mock;
  let browser: Browser;
  before(async () => {
    [mock, browser] = await Promise.all([openMock(), openBrowser()]);
    // The encoder's first segments: until then there is no playlist to start from.
    for (let status = 0; status !== 200;) {
      status = (await fetch(`${mock.origin}/live/x/index.m3u8`)).status;
      if (status !== 200) await new Promise((again) => setTimeout(again, 100));
    }
  });
  after(async () => {
    await browser.close();
    await mock.close();
  });

  it('shows a moving picture under the strict policy, Trusted Types enforced, with nothing violated', async () => {
    const seat = await sit(browser, mock.url);
    await onAir(seat.page);
    await state(seat.page, 'live');
    await seat.page.getByRole('button', { name: 'More' }).click();
    await seat.page.getByRole('dialog').waitFor();
    assert.deepEqual(seat.trouble, []);
    assert.ok(
      seat.requests.every((url) => url.startsWith(mock.origin) || url.startsWith('blob:')),
      seat.requests.join('\n'),
    );
    await seat.leave();
  });

  it('applies a pin with the frame of its moment: not a frame before, not one later', async () => {
    const seat = await sit(browser, mock.url);
    await onAir(seat.page);
    await seat.page.evaluate(() => {
      const show = document.querySelector('showfloor-show') as HTMLElement & { frameTime: number };
      const video = show.shadowRoot!.querySelector('video')!;
      const log = { pins: [] as object[], frames: [] as number[] };
      Object.assign(window, { log });
      // Every frame that this machine manages to put on the screen, as the player dates it.
      const next = () => {
        log.frames.push(show.frameTime);
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
      show.addEventListener('show-pin', (event) => {
        const shown = show.shadowRoot!.querySelector('.slot')?.getAttribute('data-product');
        log.pins.push({ ...(event as CustomEvent<object>).detail, shown });
      });
    });
    for (const [index, ahead] of [
      [2, 0],
      [3, 700],
      [1, 1_300],
    ] as const) {
      const at = Date.now() + ahead;
      mock.pin(index, at);
      await onNow(seat.page, mock.products[index]!.id);
    }
    const { pins, frames } = await seat.page.evaluate(
      () =>
        (
          window as unknown as {
            log: { pins: { productId: string; at: number; frameTime: number; shown: string }[]; frames: number[] };
          }
        ).log,
    );
    assert.equal(pins.length, 3);
    for (const { at, frameTime, productId, shown } of pins) {
      assert.ok(frameTime >= at, `${frameTime} is before ${at}`);
      assert.deepEqual(
        frames.filter((frame) => frame >= at && frame < frameTime),
        [],
        'an earlier frame had reached the moment',
      );
      assert.equal(shown, productId);
    }
    await seat.leave();
  });

  it('chats between two viewers, and text stays text (abuse case R3)', async () => {
    const [ana, ben] = await Promise.all([sit(browser, mock.url), sit(browser, mock.url)]);
    await Promise.all([ana, ben].map((seat) => seat.page.getByRole('textbox', { name: 'Message' }).waitFor()));
    const payloads = [
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script>',
      '"><svg onload=alert(1)>',
      'javascript:alert(1)',
      '${alert(1)}',
      '{{7*7}}',
      '<b>bold</b>',
    ];
    for (const text of payloads) {
      await ana.page.getByRole('textbox', { name: 'Message' }).fill(text);
      await ana.page.keyboard.press('Enter');
      await ben.page.getByRole('log').getByText(text, { exact: false }).waitFor();
    }
    mock.publish({
      t: 'pinned_message',
      message: {
        id: 'p',
        at: 1,
        from: { id: 'x', name: '<i>Mara</i>', role: 'host' },
        text: '<iframe src=//evil.example>',
      },
    });
    await ben.page.getByText('<iframe src=//evil.example>').waitFor();
    const strange = await ben.page.evaluate(
      () =>
        document
          .querySelector('showfloor-show')!
          .shadowRoot!.querySelectorAll('script, iframe, .chat img, .chat svg[onload], i').length,
    );
    assert.equal(strange, 0);
    assert.deepEqual([...ana.trouble, ...ben.trouble], []);
    mock.publish({ t: 'pinned_message', message: null });
    await Promise.all([ana.leave(), ben.leave()]);
  });

  it('comes back by itself after a restart of the room, and misses nothing', async () => {
    const seat = await sit(browser, mock.url);
    await seat.page.getByRole('textbox', { name: 'Message' }).waitFor();
    mock.speak('tomek', 'viewer', 'before the break');
    await seat.page.getByRole('log').getByText('before the break').waitFor();
    mock.restartRoom();
    mock.speak('tomek', 'viewer', 'during the break');
    await seat.page.getByRole('log').getByText('during the break').waitFor();
    assert.equal(await seat.page.getByRole('log').getByText('before the break').count(), 1);
    await seat.leave();
  });

  it('says that it is offline, keeps what is written, and sends it when it is back', async () => {
    const seat = await sit(browser, mock.url);
    await onAir(seat.page);
    mock.goDown();
    await state(seat.page, 'offline');
    await seat.page.getByRole('textbox', { name: 'Message' }).fill('Can I get them together?');
    await seat.page.keyboard.press('Enter');
    await seat.page.getByText('Sends when you’re back').waitFor();
    mock.goDown(false);
    await seat.page.getByRole('button', { name: 'Try now' }).click();
    await seat.page.getByText('Sends when you’re back').waitFor({ state: 'detached' });
    await state(seat.page, 'live');
    await seat.leave();
  });

  it('turns into the show by itself when the host goes on air, and says goodbye at the end', async () => {
    const quiet = await openMock({ state: 'scheduled' });
    const seat = await sit(browser, quiet.url);
    await seat.page.getByRole('button', { name: 'Add to calendar' }).waitFor();
    quiet.setState('live');
    await state(seat.page, 'live');
    await onAir(seat.page);
    quiet.setState('paused');
    await seat.page.getByRole('heading', { name: 'Mara will be right back' }).waitFor();
    quiet.setState('ended');
    await seat.page.getByRole('heading', { name: 'The show has ended' }).waitFor();
    await seat.leave();
    await quiet.close();
  });

  it('makes no foreign request and takes no foreign style, whatever its attributes say (abuse case P3)', async () => {
    const seat = await sit(browser, `${mock.origin}/embed/index.html`);
    await seat.page.evaluate(async () => {
      const values = [
        'javascript:alert(1)',
        'http://evil.example',
        '//evil.example',
        'https://a:b@evil.example',
        '__proto__',
        'shw_../../x',
        '"><img src=x>',
        'data:text/html,x',
        '\u0000',
        '{}',
        'x'.repeat(5_000),
      ];
      const names = [
        'show',
        'api',
        'locale',
        'currency',
        'layout',
        'scheme',
        'mini',
        'mini-corner',
        'checkout',
        'shortcuts',
        'muted',
        'state',
        'on-now',
      ];
      for (const name of names)
        for (const value of values) {
          const show = document.createElement('showfloor-show');
          show.setAttribute('show', 'shw_018f00000000000000000000000000aa');
          show.setAttribute(name, value);
          document.body.append(show);
          await new Promise((next) => setTimeout(next, 5));
          show.remove();
        }
      const show = document.createElement('showfloor-show');
      for (const name of ['accent', 'on-accent', 'radius'])
        show.style.setProperty(`--showfloor-${name}`, 'url(https://evil.example/a)');
      document.body.append(show);
      await new Promise((next) => setTimeout(next, 300));
      return null;
    });
    assert.deepEqual(
      seat.requests.filter((url) => !url.startsWith(mock.origin) && !url.startsWith('blob:')),
      [],
    );
    assert.deepEqual(await seat.page.evaluate(() => ({ polluted: ({} as Record<string, unknown>)['polluted'] })), {
      polluted: undefined,
    });
    assert.deepEqual(
      seat.trouble.filter((text) => text.startsWith('dialog')),
      [],
    );
    await seat.leave();
  });

  it('works on a foreign shop page with that shop’s own colours, its accent where it can be read', async () => {
    const seat = await sit(browser, `${mock.origin}/embed/index.html?show=shw_018f00000000000000000000000000aa`, {
      viewport: { width: 1280, height: 1000 },
    });
    await onAir(seat.page);
    const go = seat.page.getByRole('button', { name: /^Buy/ });
    await go.waitFor();
    assert.equal(await go.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(31, 95, 74)');
    await seat.page.evaluate(() => {
      const show = document.querySelector<HTMLElement>('showfloor-show')!;
      show.style.setProperty('--showfloor-accent', '#eeeeee');
      show.style.width = '391px';
    });
    await seat.page.waitForFunction(() =>
      getComputedStyle(
        document.querySelector('showfloor-show')!.shadowRoot!.querySelector('.go')!,
      ).backgroundColor.startsWith('oklch'),
    );
    assert.deepEqual(seat.trouble, []);
    await seat.leave();
  });
});
