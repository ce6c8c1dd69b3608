import { describe, expect, it } from 'vitest';
import { nameOfKey } from './shortcuts';

const press = (key: string, held: Partial<Record<'altKey' | 'ctrlKey' | 'metaKey', boolean>> = {}) =>
  nameOfKey({ key, code: '', altKey: false, ctrlKey: false, metaKey: false, ...held });

describe('names of keys', () => {
  it('do not depend on shift or caps lock', () => expect([press('N'), press('n')]).toEqual(['n', 'n']));
  it('never take a browser’s own command for a letter', () =>
    expect([press('n', { ctrlKey: true }), press('d', { metaKey: true })]).toEqual(['mod+n', 'mod+d']));
  it('know the keys that move a cue', () => expect(press('ArrowUp', { altKey: true })).toBe('alt+ArrowUp'));
});
