import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from '../ui/Icon';
import { ToastSlot } from '../ui/toast';
import { Sidebar } from './Sidebar';

/** Names the tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Showfloor`;
  }, [title]);
}

export interface PageProps {
  title: string;
  /** Stands beside the title: a state, a date. */
  note?: ReactNode;
  /** Where this page belongs. */
  parent?: { to: string; label: string };
  actions?: ReactNode;
  /** The list scrolls inside the page, its foot stays. */
  edge?: boolean;
  children: ReactNode;
}

/** A page of the merchant's side: side bar, head, content. */
export function Page({ title, note, parent, actions, edge, children }: PageProps) {
  useTitle(title);
  return (
    <div className="app">
      <a className="skip" href="#main">
        To the content
      </a>
      <Sidebar />
      <main className={`page${edge ? ' page--edge' : ''}`} id="main" tabIndex={-1}>
        <PageHead title={title} note={note} {...(parent ? { parent } : {})} actions={actions} />
        {children}
        <ToastSlot />
      </main>
    </div>
  );
}

export function PageHead({ title, note, parent, actions }: Pick<PageProps, 'title' | 'note' | 'parent' | 'actions'>) {
  return (
    <header className="page__head">
      {parent && (
        <nav className="crumb" aria-label="Path">
          <Link to={parent.to}>{parent.label}</Link>
          <Icon name="right" />
        </nav>
      )}
      <h1>{title}</h1>
      {note}
      {actions && <span className="push">{actions}</span>}
    </header>
  );
}
