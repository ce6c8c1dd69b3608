import type { Role } from '../api/types';

/** What a person may do here. What they may not do is absent from the screen; the server refuses it in any case. */
export type Action =
  | 'edit shows'
  | 'use the studio'
  | 'run the show'
  | 'moderate chat'
  | 'edit products'
  | 'see orders'
  | 'refund'
  | 'see settings'
  | 'edit the shop'
  | 'edit people';

/** The server's own table, as far as screens depend on it. Everyone sees shows and figures. */
const allowed: Record<Role, readonly Action[]> = {
  owner: [
    'edit shows',
    'use the studio',
    'run the show',
    'moderate chat',
    'edit products',
    'see orders',
    'refund',
    'see settings',
    'edit the shop',
    'edit people',
  ],
  manager: [
    'edit shows',
    'use the studio',
    'run the show',
    'moderate chat',
    'edit products',
    'see orders',
    'refund',
    'see settings',
    'edit people',
  ],
  host: ['edit shows', 'use the studio', 'run the show', 'moderate chat'],
  moderator: ['run the show', 'moderate chat'],
  analyst: [],
};

export const may = (role: Role, action: Action): boolean => allowed[role].includes(action);

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  manager: 'Manager',
  host: 'Host',
  moderator: 'Moderator',
  analyst: 'Analyst',
};
