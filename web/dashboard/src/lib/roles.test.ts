import { describe, expect, it } from 'vitest';
import { may } from './roles';

describe('roles', () => {
  it('let a moderator keep the chat and the run, and nothing with names or prices', () => {
    expect(may('moderator', 'moderate chat') && may('moderator', 'run the show')).toBe(true);
    for (const action of ['see orders', 'refund', 'edit products', 'use the studio', 'see settings'] as const)
      expect(may('moderator', action)).toBe(false);
  });

  it('let an analyst only look', () => {
    for (const action of ['moderate chat', 'run the show', 'edit shows', 'see orders'] as const)
      expect(may('analyst', action)).toBe(false);
  });

  it('let only an owner change the shop', () => {
    expect(
      (['owner', 'manager', 'host', 'moderator', 'analyst'] as const).filter((role) => may(role, 'edit the shop')),
    ).toEqual(['owner']);
  });
});
