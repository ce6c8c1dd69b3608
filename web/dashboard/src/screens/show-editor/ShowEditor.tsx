import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { post, Problem, sentenceOf } from '../../api/http';
import { cues as cuesQuery, queryClient, shop as shopQuery, show as showQuery } from '../../api/queries';
import type { Show } from '../../api/types';
import { useShortcuts } from '../../lib/shortcuts';
import { clock, dayAndClock, relative } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { Page } from '../../shell/Page';
import { LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button, buttonClass } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { toast } from '../../ui/toast';
import { Cover } from '../../ui/Thumb';
import { NotFound } from '../NotFound';
import { Basics } from './Basics';
import { CoverSection } from './CoverSection';
import { CuesSection } from './CuesSection';
import { Embed } from './Embed';
import { blocking, readiness, type Check } from './readiness';
import { RulesSection } from './RulesSection';
import { useAutosave, type Autosave } from './useAutosave';
import { When } from './When';

/** Saves as you go; nothing reaches viewers before Publish. */
export function ShowEditor({ showId }: { showId: string }) {
  const answer = useQuery(showQuery(showId));
  const [, setVersion] = useState(0);
  if (answer.error instanceof Problem && answer.error.status === 404) return <NotFound />;
  if (!answer.data) {
    return (
      <Page title="Show" parent={{ to: '/shows', label: 'Shows' }}>
        {answer.error ? (
          <LoadFailure what="This show" error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <LoadingRows label="Loading the show" />
        )}
      </Page>
    );
  }
  return <Editor key={showId} answer={answer.data} onReload={() => setVersion((now) => now + 1)} />;
}

function Editor({ answer, onReload }: { answer: { value: Show; etag: string | undefined }; onReload: () => void }) {
  const { value: saved } = answer;
  const [show, setShow] = useState(saved);
  const [, navigate] = useLocation();
  const [publishing, setPublishing] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();
  const autosave = useAutosave(answer, (theirs) => {
    setShow(theirs);
    onReload();
  });
  const now = useNow(30_000);
  const run = useQuery(cuesQuery(saved.id));
  const shop = useQuery(shopQuery);
  const checks = readiness(show, run.data?.items ?? [], shop.data?.value.allowed_origins?.length ?? 0, now);
  const draft = saved.state === 'draft';
  useShortcuts({ 'mod+s': () => void autosave.flush() });
  // A link may lead to one part of the page.
  useEffect(() => {
    if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
  }, []);

  const problem =
    autosave.saving.state === 'failed' && autosave.saving.problem instanceof Problem
      ? autosave.saving.problem
      : undefined;
  const update = (next: Partial<Show>, change: Parameters<Autosave['edit']>[0]): void => {
    setShow((current) => ({ ...current, ...next }));
    autosave.edit(change);
  };
  const publish = async (): Promise<void> => {
    setPublishing(true);
    setRefusal(undefined);
    try {
      if (!(await autosave.flush())) return;
      await post(`/v1/admin/shows/${saved.id}/publish`);
      await queryClient.invalidateQueries({ queryKey: ['show', saved.id] });
      void queryClient.invalidateQueries({ queryKey: ['shows'] });
      toast(`${show.title} is published`);
    } catch (error) {
      setRefusal(error);
    } finally {
      setPublishing(false);
    }
  };

  const missing = blocking(checks);
  return (
    <Page
      title={show.title || 'Untitled show'}
      parent={{ to: '/shows', label: 'Shows' }}
      note={
        draft ? (
          <span className="pill">Draft</span>
        ) : saved.state === 'scheduled' ? (
          <span className="pill pill--info">Scheduled</span>
        ) : saved.state === 'ended' ? (
          <span className="pill pill--bare">Ended</span>
        ) : (
          <span className="live">LIVE</span>
        )
      }
      actions={
        <>
          <SavedNote autosave={autosave} />
          {saved.state !== 'ended' && (
            <Link className={buttonClass({})} to={`/shows/${saved.id}/studio`}>
              Studio
            </Link>
          )}
          {draft ? (
            <Button
              look="go"
              busy={publishing}
              disabled={missing.length > 0}
              title={missing.length ? `Still missing: ${missing.map(({ label }) => label).join(', ')}` : undefined}
              onClick={() => void publish()}
            >
              Publish
            </Button>
          ) : (
            <Link className={buttonClass({})} to={`/shows/${saved.id}/live`}>
              Control room
            </Link>
          )}
        </>
      }
    >
      {refusal !== undefined && (
        <Notice tone="bad" alert className="edit__notice">
          <b>Not published.</b> {sentenceOf(refusal)}
        </Notice>
      )}
      {problem && problem.errors.length === 0 && (
        <Notice tone="bad" alert className="edit__notice">
          <b>Not saved.</b> {problem.sentence}
        </Notice>
      )}
      <div className="edit">
        <form className="edit__form" onSubmit={(event) => event.preventDefault()}>
          <Basics show={show} problem={problem} onChange={update} />
          <When show={show} problem={problem} onChange={update} />
          <CoverSection
            show={show}
            onCover={(cover) => {
              update({ cover }, { cover_image_id: cover.id });
              void autosave.flush();
            }}
          />
          <CuesSection show={show} />
          <RulesSection show={show} onChange={update} />
          <Embed showId={saved.id} sites={shop.data?.value.allowed_origins ?? []} />
        </form>
        <aside className="edit__side">
          <Waiting show={show} now={now} />
          {draft && <Ready checks={checks} onGo={navigate} />}
        </aside>
      </div>
      {autosave.saving.state === 'conflict' && (
        <Conflict autosave={autosave} theirs={autosave.saving.theirs.value} mine={show} />
      )}
    </Page>
  );
}

function SavedNote({ autosave }: { autosave: Autosave }) {
  const { saving } = autosave;
  return (
    <span className="mute row" role="status">
      {saving.state === 'saving' && 'Saving…'}
      {saving.state === 'saved' && (
        <>
          <Icon name="check" size="s" />
          Saved at {clock(saving.at)}
        </>
      )}
      {saving.state === 'failed' && (
        <>
          <Icon name="warn" size="s" />
          Not saved
          <Button size="s" onClick={() => void autosave.flush()}>
            Save again
          </Button>
        </>
      )}
    </span>
  );
}

/** What people see before it starts. */
function Waiting({ show, now }: { show: Show; now: Date }) {
  return (
    <figure className="wait">
      <figcaption className="label">What people see before it starts</figcaption>
      <div className="wait__card">
        <Cover image={show.cover} className="wait__pic" />
        <div>
          <small>
            {dayAndClock(show.starts_at)}, {relative(show.starts_at, now)}
          </small>
          <b>{show.title || 'Untitled show'}</b>
          <small>{show.host_name && `with ${show.host_name}`}</small>
        </div>
      </div>
    </figure>
  );
}

function Ready({ checks, onGo }: { checks: Check[]; onGo: (to: string) => void }) {
  return (
    <section className="card" aria-label="Ready to publish">
      <header className="card__head">
        <h2>Ready to publish</h2>
        <span className="push mute">
          {checks.filter(({ ok }) => ok).length} of {checks.length}
        </span>
      </header>
      <ul className="todo">
        {checks.map((check) => (
          <li key={check.label} className={check.ok ? 'is-ok' : undefined}>
            <Icon name={check.ok ? 'check' : 'warn'} size="s" />
            {check.ok ? (
              check.label
            ) : (
              <a
                href={check.to.startsWith('#') ? check.to : `/dashboard${check.to}`}
                onClick={(event) => {
                  if (check.to.startsWith('#')) return;
                  event.preventDefault();
                  onGo(check.to);
                }}
              >
                {check.label}
              </a>
            )}
            {!check.ok && check.optional && <span className="mute push">optional</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Conflict({ autosave, theirs, mine }: { autosave: Autosave; theirs: Show; mine: Show }) {
  const rows = (
    [
      ['Title', theirs.title, mine.title],
      ['What it is about', theirs.description, mine.description],
      ['Host', theirs.host_name, mine.host_name],
      ['Starts', dayAndClock(theirs.starts_at), dayAndClock(mine.starts_at)],
    ] as const
  ).filter(([, a, b]) => a !== b);
  return (
    <Dialog
      title="Someone else changed this a moment ago"
      onClose={autosave.takeTheirs}
      footer={
        <>
          <Button onClick={autosave.takeTheirs}>Take theirs</Button>
          <Button look="solid" onClick={autosave.keepMine}>
            Keep mine
          </Button>
        </>
      }
    >
      {rows.length === 0 ? (
        <p className="soft">What you both typed is the same but for the settings.</p>
      ) : (
        <table className="table table--dense">
          <thead>
            <tr>
              <th scope="col">Changed</th>
              <th scope="col">Theirs</th>
              <th scope="col">Yours</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, a, b]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{a}</td>
                <td>
                  <b>{b}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
