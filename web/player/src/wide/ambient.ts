/** Often enough for light. */
const EVERY_MS = 1_000;
let paintedAt = 0;

/** The picture's own colours, as light around it: a few pixels, drawn large and soft. */
export function drawAmbient(canvas: HTMLCanvasElement | null, video: HTMLVideoElement): void {
  const now = performance.now();
  if (!canvas || now - paintedAt < EVERY_MS || video.readyState < 2 || !canvas.offsetParent) return;
  paintedAt = now;
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
}
