import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, sentenceOf } from '../../api/http';
import { queryClient, shop as shopQuery } from '../../api/queries';
import type { ShopSettings } from '../../api/types';
import { useMay } from '../../lib/session';
import { PageHead } from '../../shell/Page';
import { OwnerOnly } from './OwnerOnly';
import { Blank, LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';
import { toast, toastFailure } from '../../ui/toast';

/** What a person types, as an origin: `https://` is meant, and paths don't count. */
export function originOf(text: string): string | undefined {
  const typed = text.trim();
  if (!typed || /\s/.test(typed)) return undefined;
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
    const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return undefined;
    if (!local && !url.hostname.includes('.')) return undefined;
    return url.origin;
  } catch {
    return undefined;
  }
}

/** Which pages may show the player and sell through it. */
export function Sites() {
  const answer = useQuery(shopQuery);
  const mayEdit = useMay()('edit the shop');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const origins = answer.data?.value.allowed_origins ?? [];
  const save = async (next: string[]): Promise<void> => {
    const saved = await call<ShopSettings>('PATCH', '/v1/admin/shop', {
      body: { allowed_origins: next },
      ifMatch: answer.data?.etag,
    });
    queryClient.setQueryData(shopQuery.queryKey, saved);
  };
  return (
    <>
      <PageHead
        title="Sites"
        actions={
          mayEdit ? (
            <Button look="solid" icon="plus" disabled={!answer.data} onClick={() => setAdding(true)}>
              Allow a site
            </Button>
          ) : (
            <OwnerOnly />
          )
        }
      />
      <h2>Sites that may show the player</h2>
      <p className="soft set__lead">Anywhere else the player shows your shop's name and a link, and no video.</p>
      {!answer.data ? (
        answer.error ? (
          <LoadFailure what="Sites" error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <LoadingRows label="Loading the sites" rows={3} />
        )
      ) : origins.length === 0 ? (
        <Blank icon="globe" title="No site is allowed yet">
          The shows' own pages work in any case.
        </Blank>
      ) : (
        <table className="table">
          <caption className="vh">Sites</caption>
          <thead>
            <tr>
              <th scope="col">Site</th>
              <th scope="col">Covers</th>
              <th scope="col">
                <span className="vh">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {origins.map((origin) => (
              <tr key={origin}>
                <th scope="row">
                  <b>{origin.replace(/^https:\/\//, '')}</b>
                </th>
                <td className="mute">{origin.startsWith('http:') ? 'this computer only' : 'this host only'}</td>
                <td className="num">
                  {mayEdit && (
                    <Button size="s" aria-label={`No longer allow ${origin}`} onClick={() => setRemoving(origin)}>
                      Remove…
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {adding && (
        <AddSite known={origins} onAdd={(origin) => save([...origins, origin])} onClose={() => setAdding(false)} />
      )}
      {removing && (
        <Dialog
          title={`No longer allow ${removing.replace(/^https:\/\//, '')}?`}
          onClose={() => setRemoving(undefined)}
          footer={
            <>
              <Button onClick={() => setRemoving(undefined)}>Keep it</Button>
              <Button
                look="badfill"
                onClick={() => {
                  save(origins.filter((origin) => origin !== removing))
                    .then(() => toast('The site was removed'))
                    .catch((error: unknown) => toastFailure('Not removed', error));
                  setRemoving(undefined);
                }}
              >
                Remove the site
              </Button>
            </>
          }
        >
          <p className="soft">Players there stop at their next connection. Orders that are being paid can finish.</p>
        </Dialog>
      )}
    </>
  );
}

function AddSite({
  known,
  onAdd,
  onClose,
}: {
  known: string[];
  onAdd: (origin: string) => Promise<void>;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const origin = originOf(text);
  const submit = async (): Promise<void> => {
    if (!origin) return setProblem('Type a host such as shop.example.com. It must be served over https.');
    if (known.includes(origin)) return setProblem('This site is allowed already.');
    setBusy(true);
    try {
      await onAdd(origin);
      toast(`Allowed ${origin.replace(/^https:\/\//, '')}`);
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Allow a site"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            Allow the site
          </Button>
        </>
      }
    >
      <TextField
        label="Host"
        placeholder="shop.example.com"
        autoFocus
        autoComplete="off"
        value={text}
        hint={origin ? `Pages of ${origin} may show the player.` : 'Each subdomain counts by itself.'}
        error={problem}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
