import { useState } from 'react';
import { post } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { NewStreamKey, StreamKey } from '../../api/types';
import { withPassword, NotConfirmed } from '../../lib/password';
import { Button } from '../../ui/Button';
import { CopyLine } from '../../ui/Copy';
import { Dialog } from '../../ui/Dialog';
import { toastFailure } from '../../ui/toast';

const SERVER_KEY = 'showfloor.rtmp-server';

/** The server says its RTMP address with each new key. The address is no secret: this browser may keep it. */
function rememberServer(url: string): void {
  try {
    localStorage.setItem(SERVER_KEY, url);
  } catch {
    // Without storage it is shown until the page is left.
  }
}

function knownServer(): string | null {
  try {
    return localStorage.getItem(SERVER_KEY);
  } catch {
    return null;
  }
}

/** The address and the key for an encoder. The key is shown once; afterwards only its last four letters are known. */
export function KeyPanel({
  showId,
  streamKey,
  loaded,
}: {
  showId: string;
  streamKey: StreamKey | undefined;
  loaded: boolean;
}) {
  const [fresh, setFresh] = useState<NewStreamKey>();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const make = async (): Promise<void> => {
    setAsking(false);
    setBusy(true);
    try {
      const made = await withPassword('A stream key lets anyone who has it send pictures to your viewers.', () =>
        post<NewStreamKey>(`/v1/admin/shows/${showId}/stream-keys`),
      );
      rememberServer(made.rtmp_url);
      setFresh(made);
      await queryClient.invalidateQueries({ queryKey: ['stream-keys', showId] });
    } catch (error) {
      if (!(error instanceof NotConfirmed)) toastFailure('No key was made', error);
    }
    setBusy(false);
  };
  const server = fresh?.rtmp_url ?? knownServer();
  return (
    <>
      <h2>OBS or another encoder</h2>
      {server ? (
        <CopyLine label="RTMP server" hint="works with everything" text={server} />
      ) : (
        <p className="hint">The address of the RTMP server comes with the key.</p>
      )}
      {fresh ? (
        <div className="field">
          <CopyLine label="Stream key" hint="shown this once" text={fresh.key} fresh />
          <p className="hint">We keep only a fingerprint of it. Paste it into the encoder now.</p>
          <Button size="s" className="st__stored" onClick={() => setFresh(undefined)}>
            I have stored it
          </Button>
        </div>
      ) : (
        <div className="field">
          <span className="label">Stream key</span>
          {streamKey ? (
            <>
              <div className="copyline">
                <span className="mono clip">•••• {streamKey.hint}</span>
                <Button size="s" look="quiet" busy={busy} onClick={() => setAsking(true)}>
                  Make a new key
                </Button>
              </div>
              <p className="hint">
                The encoder has it already? Then there is nothing to do. A new key stops the old one at once.
              </p>
            </>
          ) : (
            <>
              <Button look="solid" icon="key" busy={busy} disabled={!loaded} onClick={() => void make()}>
                Make a stream key
              </Button>
              <p className="hint">It is for this show alone, and shown once.</p>
            </>
          )}
        </div>
      )}
      <hr />
      <div className="field">
        <span className="label">In OBS, under Settings</span>
        <dl className="kv">
          <div>
            <dt>Stream, Service</dt>
            <dd>Custom</dd>
          </div>
          <div>
            <dt>Output, Rate control</dt>
            <dd>CBR, 4,500 kb/s</dd>
          </div>
          <div>
            <dt>Output, Keyframe interval</dt>
            <dd>2 s</dd>
          </div>
          <div>
            <dt>Output, Profile and tune</dt>
            <dd>high, zerolatency</dd>
          </div>
          <div>
            <dt>Video, Output and FPS</dt>
            <dd>1280 × 720, 30</dd>
          </div>
        </dl>
      </div>
      {asking && (
        <Dialog
          title="Make a new key?"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Keep the old one</Button>
              <Button look="solid" autoFocus onClick={() => void make()}>
                Make a new key
              </Button>
            </>
          }
        >
          <p className="soft">
            The key ending in {streamKey?.hint} stops at once. An encoder that sends with it is cut off.
          </p>
        </Dialog>
      )}
    </>
  );
}
