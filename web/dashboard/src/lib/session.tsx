import { createContext, useContext } from 'react';
import type { Me, Role } from '../api/types';
import { may, type Action } from './roles';

const Session = createContext<Me | null>(null);

export const SessionProvider = Session.Provider;

/** Who is signed in, and to which shop. Only inside the signed-in part of the app. */
export function useSession(): Me {
  const me = useContext(Session);
  if (!me) throw new Error('useSession is for signed-in screens only');
  return me;
}

export function useMay(): (action: Action) => boolean {
  const role: Role = useSession().user.role;
  return (action) => may(role, action);
}
