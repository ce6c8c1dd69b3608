import { describe, expect, it } from 'vitest';
import { IMAGE_SIZE_MOST_BYTES, refuseFile } from '../ui/ImageDrop';
import { readTime } from '../ui/Field';
import { originOf } from './settings/Sites';
import { destination } from './sign-in/SignIn';

describe('after signing in', () => {
  it('goes where one wanted to go', () => expect(destination('?then=%2Forders%2Ford_1')).toBe('/orders/ord_1'));
  it('never leaves this app', () => {
    for (const then of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/sign-in',
      '',
    ])
      expect(destination(`?then=${encodeURIComponent(then)}`)).toBe('/shows');
  });
});

describe('a site', () => {
  it('is an origin, whatever was pasted', () => {
    expect(originOf('shop.example.com')).toBe('https://shop.example.com');
    expect(originOf(' https://Shop.example.com/live?x=1 ')).toBe('https://shop.example.com');
    expect(originOf('http://localhost:5173')).toBe('http://localhost:5173');
  });
  it('is nothing that browsers could not trust', () => {
    for (const text of ['', 'http://shop.example.com', 'javascript:alert(1)', 'null', 'shop', 'a b.example', '*'])
      expect(originOf(text)).toBeUndefined();
  });
});

describe('a picture', () => {
  it('is taken up to its limit, and not one byte past it', () => {
    expect(refuseFile({ type: 'image/jpeg', size: IMAGE_SIZE_MOST_BYTES })).toBeUndefined();
    expect(refuseFile({ type: 'image/jpeg', size: IMAGE_SIZE_MOST_BYTES + 1 })).toContain('smaller than 10 MB');
  });
  it('is never a drawing with script in it', () =>
    expect(refuseFile({ type: 'image/svg+xml', size: 10 })).toContain('not a JPG'));
});

describe('a time', () => {
  it('is read as people write it', () =>
    expect(['19:30', '1930', '9.05', '7'].map(readTime)).toEqual(['19:30', '19:30', '09:05', '07:00']));
  it('is nothing past the end of the day', () =>
    expect(['24:00', '12:60', '19h', ''].map(readTime)).toEqual([undefined, undefined, undefined, undefined]));
});
