import type Hls from 'hls.js';
import type { Fragment, HlsConfig } from 'hls.js';
import { Timeline, type Stretch } from '../core/timeline.ts';

/** `blocked`: the browser wants a tap before it plays even a silent picture. */
export type PictureState = 'idle' | 'loading' | 'playing' | 'late' | 'blocked';

export interface PictureEvents {
  /** A new frame is on screen; its capture time is `frameTime`. Runs before the browser paints what it changes. */
  onFrame(): void;
  onState(state: PictureState): void;
}

/** Low latency, and no more: parts as they come, a short buffer, a gentle catch-up, no worker. */
const TUNING: Partial<HlsConfig> = {
  lowLatencyMode: true,
  enableWorker: false,
  startFragPrefetch: true,
  testBandwidth: false,
  abrEwmaDefaultEstimate: 3_000_000,
  backBufferLength: 10,
  maxBufferLength: 12,
  liveDurationInfinity: true,
  // The controller moves in steps of 0.05; a tenth faster is not heard in speech.
  maxLiveSyncPlaybackRate: 1.1,
  // Each stall may cost a little latency, not a whole second for ever.
  liveSyncOnStallIncrease: 0.25,
};

/** Without a new frame for this long the picture is late. */
const LATE_MS = 3_000;
/** Further behind its aim than this, the picture jumps to the present instead of catching up; not more often than so. */
const BEHIND_MAX_S = 3;
const JUMP_EVERY_MS = 5_000;
/** A late picture is fetched anew this often, with jitter. */
const REFETCH_MS = 6_000;
const RETRY_MS = 1_000;

/** Plays the live playlist in a media element and knows the capture time of the frame on screen. */
export class Picture {
  readonly video: HTMLVideoElement;
  readonly #events: PictureEvents;
  readonly #timeline = new Timeline();
  #hls: Hls | null = null;
  #url = '';
  #state: PictureState = 'idle';
  #frameTime: number | null = null;
  #media = -1;
  #frameAt = performance.now();
  #refetchAt = 0;
  #jumpAt = 0;
  #retry = 0;
  #wanted = false;
  #callback = 0;
  #turn = 0;

  /** `still` lies under the video and shows its last frame while a new stream is fetched. */
  constructor(
    video: HTMLVideoElement,
    readonly still: HTMLCanvasElement,
    events: PictureEvents,
  ) {
    this.video = video;
    this.#events = events;
    video.addEventListener('playing', () => this.#set('playing'));
    this.#watchFrames();
  }

  /** Fetches the player's engine before it is needed, so that the first picture need not wait for it. */
  static async engine(): Promise<typeof Hls | null> {
    if (!('MediaSource' in globalThis) && !('ManagedMediaSource' in globalThis)) return null;
    const { default: Engine } = await import('hls.js/light');
    return Engine.isSupported() ? Engine : null;
  }

  get state(): PictureState {
    return this.#state;
  }

  /** UTC ms at which the frame on screen was captured; null while there is none. */
  get frameTime(): number | null {
    return this.#frameTime;
  }

  /** How long the same frame has been on screen (ms). */
  get stillMs(): number {
    return performance.now() - this.#frameAt;
  }

  /** Shows `url`; the same address again fetches it anew only if nothing moves. */
  async show(url: string): Promise<void> {
    if (this.#wanted && this.#url === url && this.#state === 'playing' && this.stillMs < LATE_MS) return;
    const turn = ++this.#turn;
    this.#url = url;
    this.#wanted = true;
    this.#refetchAt = performance.now() + REFETCH_MS * (1 + Math.random());
    if (this.#state === 'idle') this.#set('loading');
    const Engine = await Picture.engine().catch(() => null);
    if (turn !== this.#turn) return;
    this.#drop();
    if (Engine) this.#play(new Engine(TUNING), Engine, url);
    else {
      this.video.src = url;
      this.video.load();
    }
    this.play();
  }

  /** Lets go of the stream; the last frame stays. */
  stop(): void {
    this.#turn++;
    this.#wanted = false;
    this.#hls?.stopLoad();
    this.#set('idle');
  }

  destroy(): void {
    this.stop();
    this.video.cancelVideoFrameCallback?.(this.#callback);
    this.#drop();
  }

  play(): void {
    const edge = this.#hls?.liveSyncPosition;
    if (this.video.paused && edge && edge - this.video.currentTime > 2) this.video.currentTime = edge;
    this.video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#set('blocked');
    });
  }

  pause(): void {
    this.video.pause();
  }

  /** Call a few times a second: notices a picture that stands still, and time that passes while nobody looks. */
  check(): void {
    const { video } = this;
    // Hidden pages get no frame callbacks, old browsers have none: the element's clock tells the same story.
    if (this.stillMs > 400 && !video.paused && video.readyState > 1 && video.currentTime !== this.#media)
      this.#frame(video.currentTime);
    if (!this.#wanted || video.paused) return;
    this.#catchUp();
    if (this.stillMs > LATE_MS && this.#state === 'playing') this.#set('late');
    if (this.stillMs > LATE_MS && performance.now() > this.#refetchAt) void this.show(this.#url);
  }

  /** Between a gentle catch-up and a recording there is a gap that hls.js leaves alone: a live viewer wants now. */
  #catchUp(): void {
    const hls = this.#hls;
    const now = hls?.liveSyncPosition;
    if (!hls || !now || performance.now() < this.#jumpAt) return;
    if (hls.latency - (hls.targetLatency ?? 0) < BEHIND_MAX_S || now <= this.video.currentTime) return;
    this.#jumpAt = performance.now() + JUMP_EVERY_MS;
    this.video.currentTime = now;
  }

  #set(state: PictureState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.onState(state);
  }

  #watchFrames(): void {
    if (!this.video.requestVideoFrameCallback) return;
    const next = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      this.#frame(mediaTime);
      this.#callback = this.video.requestVideoFrameCallback(next);
    };
    this.#callback = this.video.requestVideoFrameCallback(next);
  }

  #frame(media: number): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#frameAt = performance.now();
    this.#retry = 0;
    const started = (this.video as { getStartDate?: () => Date }).getStartDate?.().getTime();
    const time = this.#hls ? this.#timeline.captureTime(media) : started ? Math.round(started + media * 1000) : null;
    if (time !== null) this.#frameTime = time;
    if (!this.video.paused) this.#set('playing');
    this.#events.onFrame();
  }

  #play(hls: Hls, Engine: typeof Hls, url: string): void {
    this.#hls = hls;
    const { Events, ErrorTypes } = Engine;
    const date = () => {
      const details = hls.latestLevelDetails ?? hls.levels[hls.currentLevel]?.details;
      if (!details) return;
      const known: (Fragment | undefined | null)[] = [...details.fragments, details.fragmentHint];
      this.#timeline.replace(
        known.flatMap((f): Stretch[] =>
          f?.programDateTime ? [{ start: f.start, end: f.end, at: f.programDateTime }] : [],
        ),
      );
    };
    hls.on(Events.LEVEL_UPDATED, date);
    hls.on(Events.LEVEL_PTS_UPDATED, date);
    hls.on(Events.FRAG_CHANGED, date);
    hls.on(Events.ERROR, (_, { fatal, type }) => {
      if (!fatal || this.#hls !== hls) return;
      if (type === ErrorTypes.MEDIA_ERROR && !this.#retry++) return hls.recoverMediaError();
      const turn = this.#turn;
      setTimeout(
        () => turn === this.#turn && this.#wanted && void this.show(this.#url),
        RETRY_MS * (0.5 + Math.random()) * Math.min(++this.#retry, 4),
      );
    });
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  #drop(): void {
    const { video, still } = this;
    if (video.readyState > 1) {
      still.width = video.videoWidth;
      still.height = video.videoHeight;
      still.getContext('2d')?.drawImage(video, 0, 0);
    }
    this.#hls?.destroy();
    this.#hls = null;
    this.#timeline.replace([]);
  }
}
