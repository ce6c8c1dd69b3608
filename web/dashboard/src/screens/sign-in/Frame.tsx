import type { ReactNode } from 'react';
import studioPicture from '../../art/scene.svg';
import { useTitle } from '../../shell/Page';

/** The doors of the house: a form on the left, the studio on the right. */
export function DoorFrame({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  useTitle(title);
  return (
    <div className="signin">
      <main>
        <span className="signin__brand">
          <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <rect width="22" height="22" rx="6" fill="var(--ink-9)" />
            <path d="M7 5.5v11L16.5 11z" fill="var(--accent)" />
          </svg>
          Showfloor
        </span>
        {children}
        <p className="hint">{foot}</p>
      </main>
      <img className="signin__pic" src={studioPicture} alt="" />
    </div>
  );
}
