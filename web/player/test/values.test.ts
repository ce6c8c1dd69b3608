import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMoney, minorDigits } from '@showfloor/api-client/money';
import { allowedUrl, apiOrigin } from '../src/core/api.ts';
import { keepFor } from '../src/core/keep.ts';
import { layoutFor } from '../src/core/layout.ts';
import { accentPair, asLength, contrast, type Rgb } from '../src/core/theme.ts';
import { calendarEvent } from '../src/shop/calendar.ts';
import { brandOf, groupExpiry, groupNumber, passesLuhn, readCard } from '../src/shop/card.ts';
import { readDetails } from '../src/shop/details.ts';
import { enShop } from '../src/shop/en.ts';
import de from '../src/text/de.ts';
import { en } from '../src/text/en.ts';
import { knownLocale, sayIn } from '../src/text/texts.ts';

describe('money', () => {
  it('is written from whole minor units, without a float', () => {
    assert.equal(formatMoney({ minor: 6990, currency: 'EUR' }, 'en'), '€69.90');
    assert.equal(formatMoney({ minor: 5800, currency: 'EUR' }, 'en', true), '€58');
    assert.equal(formatMoney({ minor: 5801, currency: 'EUR' }, 'en', true), '€58.01');
    assert.equal(formatMoney({ minor: 7, currency: 'EUR' }, 'en'), '€0.07');
    assert.equal(formatMoney({ minor: 500, currency: 'JPY' }, 'en'), '¥500');
    assert.equal(formatMoney({ minor: -1234, currency: 'KWD' }, 'en').replace(/\s/g, ''), '-KWD1.234');
    assert.equal(formatMoney({ minor: 6990, currency: 'EUR' }, 'de').replace(/\s/g, ' '), '69,90 €');
    assert.equal(formatMoney({ minor: 9007199254740991, currency: 'EUR' }, 'en'), '€90,071,992,547,409.91');
    assert.equal(minorDigits('KWD'), 3);
  });
});

describe('a card', () => {
  const now = Date.UTC(2026, 10, 20);
  it('is read when whole', () => {
    assert.deepEqual(readCard('4242 4242 4242 4242', '08 / 29', '123', now), {
      card: { number: '4242424242424242', exp_month: 8, exp_year: 2029, cvc: '123' },
    });
  });
  it('names each field that is not', () => {
    assert.deepEqual(readCard('4242 4242 4242 4241', '13/29', '12', now), {
      problems: { number: 'needCard', expiry: 'needExpiry', code: 'needCode' },
    });
    assert.deepEqual(readCard('', '', '', now), {
      problems: { number: 'needCard', expiry: 'needExpiry', code: 'needCode' },
    });
    assert.deepEqual(readCard('4242424242424242', '10/26', '123', now), { problems: { expiry: 'expired' } });
    assert.ok('card' in readCard('4242424242424242', '11/26', '123', now));
  });
  it('passes Luhn or does not', () => {
    for (const good of [
      '4242424242424242',
      '4000000000000002',
      '4000000000003220',
      '5200828282828210',
      '378282246310005',
    ])
      assert.ok(passesLuhn(good), good);
    assert.ok(!passesLuhn('4242424242424243'));
  });
  it('is grouped as it is typed', () => {
    assert.equal(groupNumber('42424242424242421'), '4242 4242 4242 4242 1');
    assert.equal(groupExpiry('8'), '08 / ');
    assert.equal(groupExpiry('0829'), '08 / 29');
    assert.equal(groupExpiry('08', true), '08');
    assert.equal(brandOf('4242'), 'Visa');
    assert.equal(brandOf('52008'), 'Mastercard');
  });
});

describe('an address form', () => {
  it('names what is missing', () => {
    const fields = new Map([
      ['name', 'Ana Ruiz'],
      ['email', 'ana'],
      ['line1', ''],
      ['postal_code', '20095'],
      ['city', 'Hamburg'],
      ['country', 'DE'],
    ]);
    assert.deepEqual(readDetails(fields), { problems: { email: 'needEmail', line1: 'needStreet' } });
    fields.set('email', 'ana@ruiz.example').set('line1', ' Bergstraße 14 ');
    assert.deepEqual(readDetails(fields), {
      contact: { name: 'Ana Ruiz', email: 'ana@ruiz.example' },
      address: { line1: 'Bergstraße 14', postal_code: '20095', city: 'Hamburg', country: 'DE' },
    });
  });
});

describe('addresses that may be asked', () => {
  it('are https, or this very machine (abuse case P3)', () => {
    for (const good of ['https://live.example', 'http://localhost:7400', 'http://127.0.0.1:7400', 'http://[::1]:1'])
      assert.ok(allowedUrl(good), good);
    for (const bad of [
      'http://live.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://x',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'https://a:b@c.example',
      '//',
      'http://2130706433.example',
    ])
      assert.equal(allowedUrl(bad), null, bad);
  });
  it('fall back to the page only when none is given', () => {
    assert.equal(apiOrigin(null, 'https://shop.example/a?b'), 'https://shop.example');
    assert.equal(apiOrigin(' https://live.example/path ', 'https://shop.example'), 'https://live.example');
    assert.equal(apiOrigin('javascript:1', 'https://shop.example'), null);
  });
});

describe('a theme from the page', () => {
  const colours: Record<string, Rgb> = {
    black: [0, 0, 0],
    white: [255, 255, 255],
    yellow: [255, 255, 0],
    grey: [128, 128, 128],
  };
  const rgb = (text: string): Rgb | null => colours[text] ?? null;
  it('is refused under 4.5 to 1', () => {
    assert.equal(accentPair('grey', 'white', rgb), null);
    assert.deepEqual(accentPair('black', 'white', rgb), { accent: 'rgb(0 0 0)', onAccent: 'rgb(255 255 255)' });
    assert.equal(accentPair('yellow', 'white', rgb), null);
    assert.equal(accentPair('url(//evil)', '', rgb), null);
  });
  it('finds the second colour itself', () => {
    assert.deepEqual(accentPair('yellow', '', rgb), { accent: 'rgb(255 255 0)', onAccent: 'rgb(28 20 16)' });
    assert.ok(contrast([255, 255, 255], [0, 0, 0]) > 20.9);
  });
  it('has lengths that are lengths', () => {
    assert.equal(asLength(' 12px '), '12px');
    assert.equal(asLength('1.5rem'), '1.5rem');
    for (const bad of ['12', 'calc(1px)', '12px;color:red', 'var(--x)', '9999px', '-4px', 'url(x)'])
      assert.equal(asLength(bad), null, bad);
  });
});

describe('what is kept', () => {
  it('lives in memory where storage is blocked', () => {
    const keep = keepFor('shw_1', () => {
      throw new DOMException('blocked', 'SecurityError');
    });
    keep.set('cart', 'a b');
    assert.equal(keep.get('cart'), 'a b');
    keep.set('cart', null);
    assert.equal(keep.get('cart'), null);
  });
});

describe('layouts', () => {
  it('follow the room they are given', () => {
    assert.equal(layoutFor(null, 390, 844), 'phone');
    assert.equal(layoutFor('auto', 844, 390), 'land');
    assert.equal(layoutFor('auto', 820, 1180), 'pair');
    assert.equal(layoutFor('auto', 1440, 900), 'desk');
    assert.equal(layoutFor('phone', 1440, 900), 'phone');
    assert.equal(layoutFor('wide', 700, 400), 'pair');
    assert.equal(layoutFor('mini', 208, 430), 'mini');
    assert.equal(layoutFor('sideways', 390, 844), 'phone');
  });
});

describe('words', () => {
  const english = { ...en, ...enShop };
  it('exist in every language, with the same blanks to fill', () => {
    assert.deepEqual(Object.keys(de).sort(), Object.keys(english).sort());
    const blanks = (text: string) =>
      [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((blank) => blank !== '{n}').sort();
    for (const key of Object.keys(de) as (keyof typeof de)[])
      assert.deepEqual(blanks(de[key]), blanks(english[key]), key);
  });
  it('never hurry anybody', () => {
    for (const text of [...Object.values(english), ...Object.values(de)])
      assert.ok(!/hurry|beeil|schnell sein/i.test(text), text);
  });
  it('choose the plural and write numbers in the language', () => {
    const say = sayIn(english, 'en');
    assert.equal(say('items', { n: 1 }), '1 item');
    assert.equal(say('items', { n: 1284 }), '1,284 items');
    assert.equal(sayIn(de, 'de')('left', { n: 6 }), 'noch 6');
    assert.equal(say('bought', { name: '{title}', title: '<b>' }), '{title} bought <b>');
  });
  it('fall back when a page names no language there is', () => {
    assert.equal(knownLocale('x!', 'en'), 'en');
    assert.equal(knownLocale('de-at', 'en'), 'de-AT');
  });
});

describe('the calendar file', () => {
  it('is an event in UTC with its text escaped', () => {
    const text = calendarEvent({
      id: 'shw_1',
      title: 'Slow coffee, warm hands;\nBEGIN:VALARM',
      at: Date.UTC(2026, 10, 20, 19),
      minutes: 60,
      url: 'https://x.example/s',
      now: 0,
    });
    assert.match(text, /\r\nDTSTART:20261120T190000Z\r\nDTEND:20261120T200000Z\r\n/);
    assert.match(text.replaceAll('\r\n ', ''), /SUMMARY:Slow coffee\\, warm hands\\;\\nBEGIN:VALARM\r\n/);
    assert.ok(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
  });
});
