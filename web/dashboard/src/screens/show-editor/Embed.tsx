import { Link } from 'wouter';
import { CopyButton } from '../../ui/Copy';

const hostOf = (origin: string): string => {
  try {
    return new URL(origin).host;
  } catch {
    return origin;
  }
};

/** Two lines of HTML for the shop's own page. */
export function Embed({ showId, sites }: { showId: string; sites: string[] }) {
  const { origin } = location;
  const script = `${origin}/player/showfloor-show.js`;
  const snippet = `<script type="module" src="${script}"></script>\n<showfloor-show show="${showId}" api="${origin}"></showfloor-show>`;
  return (
    <section id="embed">
      <header className="row">
        <h2>Embed</h2>
        <CopyButton text={snippet} className="push" aria-label="Copy the snippet" />
      </header>
      <pre className="code" tabIndex={0} aria-label="Snippet">
        {'<'}
        <b>script</b> type="module" src="<i>{script}</i>"{'></'}
        <b>script</b>
        {'>\n<'}
        <b>showfloor-show</b> show="<i>{showId}</i>" api="<i>{origin}</i>"{'></'}
        <b>showfloor-show</b>
        {'>'}
      </pre>
      <p className="hint">
        {sites.length > 0 ? `Works on ${sites.map(hostOf).join(', ')} and on ` : 'Works only on '}
        <a href={`/s/${showId}`} target="_blank" rel="noreferrer">
          its own page
        </a>
        . <Link to="/settings/sites">Allow another site</Link>
      </p>
    </section>
  );
}
