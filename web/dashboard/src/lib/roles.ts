import type { Role } from '../api/types';

/** What a person may do here. What they may not do is absent from the screen; the server refuses it in any case. */
export type Action =
  | 'edit shows'
  | 'use the studio'
  | 'run the show'
  | 'moderate chat'
  | 'see figures'
  | 'edit products'
  | 'see orders'
  | 'refund'
  | 'change settings';

const allowed: Record<Role, readonly Action[]> = {
  owner: ['edit shows', 'use the studio', 'run the show', 'moderate chat', 'see figures', 'edit products', 'see orders', 'refund', 'change settings'],
  manager: ['edit shows', 'use the studio', 'run the show', 'moderate chat', 'see figures', 'edit products', 'see orders', 'refund', 'change settings'],
  host: ['use the studio', 'run the show', 'moderate chat', 'see figures'],
  moderator: ['moderate chat', 'see figures'],
  analyst: ['see figures'],
};

export const may = (role: Role, action: Action): boolean => allowed[role].includes(action);

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  manager: 'Manager',
  host: 'Host',
  moderator: 'Moderator',
  analyst: 'Analyst',
};
