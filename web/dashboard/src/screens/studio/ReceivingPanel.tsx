import type { Ingest } from '../../api/types';
import { useNow } from '../../lib/useNow';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { channelName, codecName, megabits, pictureName } from '../control-room/ingest-words';

interface Line {
  name: string;
  text: string;
  good: boolean;
}

/** Wider apart than this, a viewer waits long for the first picture. */
const KEYFRAME_MOST_MS = 4000;

function lines({ video, audio, dropped_frames: dropped = 0 }: Ingest): Line[] {
  return [
    ...(video
      ? [
          {
            name: 'Picture',
            text: `${codecName(video.codec)}${video.profile ? ` ${video.profile.toLowerCase()}` : ''}, ${video.width} × ${video.height}`,
            good: true,
          },
          {
            name: 'Frames',
            text: [video.fps && `${video.fps.toFixed(1)} fps`, dropped === 0 ? 'none dropped' : `${dropped} dropped`]
              .filter(Boolean)
              .join(', '),
            good: dropped === 0,
          },
          { name: 'Bitrate', text: video.bitrate_bps ? megabits(video.bitrate_bps) : 'measuring', good: true },
          {
            name: 'Key frame',
            text: video.keyframe_interval_ms
              ? `every ${(video.keyframe_interval_ms / 1000).toFixed(1)} s`
              : 'measuring',
            good: (video.keyframe_interval_ms ?? 0) <= KEYFRAME_MOST_MS,
          },
        ]
      : [{ name: 'Picture', text: 'none', good: false }]),
    audio
      ? {
          name: 'Sound',
          text: `${codecName(audio.codec)}, ${audio.sample_rate_hz / 1000} kHz ${channelName(audio.channels)}`,
          good: true,
        }
      : { name: 'Sound', text: 'none', good: false },
  ];
}

/** What arrives from the encoder, line by line, and what to do about what isn't good. */
export function ReceivingPanel({ ingest }: { ingest: Ingest }) {
  const now = useNow();
  const warnings = ingest.warnings ?? [];
  const steady = ingest.since ? Math.max(0, Math.floor((now.getTime() - Date.parse(ingest.since)) / 1000)) : 0;
  const steadyWords = steady < 120 ? `${steady} seconds` : `${Math.floor(steady / 60)} minutes`;
  return (
    <>
      <h2>From {ingest.encoder ?? 'your encoder'}</h2>
      <Notice tone={warnings.length ? 'warn' : 'good'} className="st__say">
        <b>
          Receiving {ingest.video ? pictureName(ingest.video) : 'no picture'}
          {warnings.length ? '.' : ', looks good.'}
        </b>
        <br />
        Steady for {steadyWords}
        {ingest.behind_ms !== undefined && ingest.behind_ms > 0
          ? `, ${(ingest.behind_ms / 1000).toFixed(1)} s behind the camera`
          : ''}
        .
      </Notice>
      {warnings.length > 0 && (
        <ul className="st__advice">
          {warnings.map((warning) => (
            <li key={warning}>
              <Icon name="warn" size="s" />
              <span>{warning}</span>
            </li>
          ))}
        </ul>
      )}
      <table className="table table--dense">
        <caption className="vh">What we receive</caption>
        <tbody>
          {lines(ingest).map((line) => (
            <tr key={line.name}>
              <th scope="row" className="mute">
                {line.name}
              </th>
              <td>{line.text}</td>
              <td className={`num ${line.good ? 'good' : 'warn'}`}>
                <Icon name={line.good ? 'check' : 'warn'} size="s" />
                <span className="vh">{line.good ? 'good' : 'look at it'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
