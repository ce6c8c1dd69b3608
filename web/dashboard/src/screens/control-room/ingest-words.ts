import type { Ingest } from '../../api/types';

/** `4.5 Mb/s`, `96 kb/s`. */
export const megabits = (bps: number): string =>
  bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mb/s` : `${Math.round(bps / 1000)} kb/s`;

export const encoderName = (ingest: Ingest): string => ingest.encoder || 'The encoder';

/** `720p30` */
export const pictureName = ({ height, fps }: { height: number; fps?: number }): string =>
  `${height}p${fps ? Math.round(fps) : ''}`;

export const codecName = (codec: string): string =>
  /^(avc|h\.?264)/i.test(codec) ? 'H.264' : /^(mp4a|aac)/i.test(codec) ? 'AAC' : codec;

export const channelName = (channels: number): string =>
  channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`;
