import { useEffect, useState } from 'react';
import { Sparkline } from '../../chart/Sparkline';
import type { Ingest } from '../../api/types';
import { clockSeconds } from '../../lib/time';
import { Notice } from '../../ui/Notice';
import { encoderName, megabits } from './ingest-words';

const SAMPLES = 24;

/** Five figures and one sentence. The sentence says what to do. */
export function HealthLine({ ingest }: { ingest: Ingest | undefined }) {
  const [bitrates, setBitrates] = useState<number[]>([]);
  const bitrate = ingest?.state === 'receiving' ? ingest.video?.bitrate_bps : undefined;
  useEffect(() => {
    if (bitrate !== undefined) setBitrates((known) => [...known, bitrate].slice(-SAMPLES));
  }, [bitrate, ingest]);
  const { video, audio } = ingest ?? {};
  const dropped = ingest?.dropped_frames ?? 0;
  return (
    <>
      <dl className="health">
        <div>
          <dt>Bitrate</dt>
          <dd className={ingest?.state === 'interrupted' ? 'bad' : undefined}>
            {ingest?.state === 'interrupted' ? '0 Mb/s' : video?.bitrate_bps ? megabits(video.bitrate_bps) : '–'}
            {bitrates.length > 2 && <Sparkline values={bitrates} bare width={48} height={14} />}
          </dd>
        </div>
        <div>
          <dt>Frames</dt>
          <dd>{video?.fps ? `${video.fps.toFixed(1)} fps` : '–'}</dd>
        </div>
        <div>
          <dt>Key frame</dt>
          <dd>{video?.keyframe_interval_ms ? `every ${(video.keyframe_interval_ms / 1000).toFixed(1)} s` : '–'}</dd>
        </div>
        <div>
          <dt>Dropped</dt>
          <dd className={dropped > 0 ? 'warn' : undefined}>{ingest ? dropped : '–'}</dd>
        </div>
        <div>
          <dt>Sound</dt>
          <dd className={video && !audio ? 'warn' : undefined}>
            {audio ? `${audio.sample_rate_hz / 1000} kHz` : video ? 'none' : '–'}
          </dd>
        </div>
      </dl>
      <HealthSentence ingest={ingest} />
    </>
  );
}

function HealthSentence({ ingest }: { ingest: Ingest | undefined }) {
  if (!ingest) return null;
  if (ingest.state === 'interrupted') {
    return (
      <Notice tone="bad" icon="offline" className="health__say" alert>
        <b>No picture since {ingest.since ? clockSeconds(ingest.since) : 'a moment'}.</b> {encoderName(ingest)} stopped
        sending. Check that it is still streaming; it can come back with the same key. Chat, pins and checkout go on.
      </Notice>
    );
  }
  if (ingest.state === 'waiting')
    return (
      <Notice className="health__say" icon="signal">
        Nothing arrives from an encoder yet.
      </Notice>
    );
  const [first, ...more] = ingest.warnings ?? [];
  if (!first)
    return (
      <Notice tone="good" className="health__say">
        Picture and sound are good.
      </Notice>
    );
  return (
    <Notice tone="warn" className="health__say">
      {first} {more.length > 0 && <span className="mute">And {more.length} more in the studio.</span>}
    </Notice>
  );
}
