import type Hls from 'hls.js';
import { useEffect, useRef, useState, type RefObject } from 'react';

export interface Preview {
  video: RefObject<HTMLVideoElement | null>;
  /** Capture time of the frame on screen, from the playlist's programme date-time; `undefined` until a frame came. */
  frameAt: () => number | undefined;
  /** A picture moves. */
  playing: boolean;
}

/** How soon a playlist that wasn't there is asked for again. */
const RETRY_MS = 3000;

/**
 * Plays the show as viewers get it, muted. Without a worker: the page's policy allows none from a blob. `on` is false
 * while nothing is on air, so that nothing is asked for.
 */
export function usePreview(playlistUrl: string, on: boolean): Preview {
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<Hls | null>(null);
  const [playing, setPlaying] = useState(false);

  useEffect(() => {
    const element = video.current;
    if (!on || !element) return;
    let stopped = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const onPlaying = (): void => setPlaying(true);
    element.addEventListener('playing', onPlaying);

    const start = async (): Promise<void> => {
      const { default: Player } = await import('hls.js');
      if (stopped || !Player.isSupported()) return;
      const hls = new Player({
        enableWorker: false,
        lowLatencyMode: true,
        liveDurationInfinity: true,
        backBufferLength: 10,
        maxBufferLength: 10,
      });
      player.current = hls;
      hls.on(Player.Events.ERROR, (_event, problem) => {
        if (!problem.fatal) return;
        if (problem.type === Player.ErrorTypes.MEDIA_ERROR) {
          hls.recoverMediaError();
          return;
        }
        setPlaying(false);
        hls.destroy();
        player.current = null;
        if (!stopped) retry = setTimeout(() => void start(), RETRY_MS);
      });
      hls.loadSource(playlistUrl);
      hls.attachMedia(element);
      hls.on(Player.Events.MANIFEST_PARSED, () => void element.play().catch(() => undefined));
    };
    void start();
    return () => {
      stopped = true;
      clearTimeout(retry);
      element.removeEventListener('playing', onPlaying);
      player.current?.destroy();
      player.current = null;
      setPlaying(false);
    };
  }, [playlistUrl, on]);

  return { video, playing, frameAt: () => player.current?.playingDate?.getTime() };
}
