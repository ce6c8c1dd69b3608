import type { ReactNode } from 'react';
import { sentenceOf } from '../api/http';
import { useLasting } from '../lib/useNow';
import { Button } from './Button';
import { Icon, type IconName } from './Icon';
import { Notice } from './Notice';

/** Nothing here, and why, and what to do about it. */
export function Blank({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="blank">
      <span className="thumb tile">
        <Icon name={icon} size="l" />
      </span>
      <b>{title}</b>
      {children && <p className="soft">{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}

/** The shape of a table, after 200 ms, never a spinner. */
export function LoadingRows({ rows = 6, label }: { rows?: number; label: string }) {
  const shown = useLasting(true);
  return (
    <div aria-busy="true" aria-label={label} role="status" className="loading">
      {shown &&
        Array.from({ length: rows }, (_, row) => (
          <div className="sk" key={row}>
            <i className="skel skel--pic" />
            <span>
              <i className={`skel skel--w${row % 3}`} />
              <i className="skel skel--short" />
            </span>
            <i className="skel skel--end push" />
          </div>
        ))}
    </div>
  );
}

/** Something broke on our side: what it means, and that we try again. */
export function LoadFailure({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  return (
    <div className="failed">
      <Notice tone="bad" alert>
        <b>{what} can't be shown right now.</b> {sentenceOf(error)}
      </Notice>
      <Button size="s" onClick={onRetry}>
        Try now
      </Button>
    </div>
  );
}
