// Renders every frame of the loop and hands the pictures to ffmpeg.
// usage: node render.mjs WORK_DIR   → WORK_DIR/picture.mkv, nearly lossless, 720 × 1280 at 30 frames a second
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FPS, LOOP_S } from './script.mjs';
import { openPage, shoot } from './browser.mjs';

const work = process.argv[2];
const { browser, page } = await openPage(work, 720, 1280);
const encoder = spawn('ffmpeg', [
  '-hide_banner', '-loglevel', 'error', '-y', '-f', 'image2pipe', '-framerate', String(FPS), '-c:v', 'mjpeg', '-i', '-',
  '-vf', 'scale=out_range=tv:out_color_matrix=bt709,format=yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-threads', '1', join(work, 'picture.mkv'),
], { stdio: ['pipe', 'inherit', 'inherit'] });
const frames = LOOP_S * FPS;
for (let f = 0; f < frames; f++) {
  if (!encoder.stdin.write(await shoot(page, f / FPS))) await once(encoder.stdin, 'drain');
  if (f % 300 === 299) console.log(`${f + 1} of ${frames} frames`);
}
encoder.stdin.end();
const [code] = await once(encoder, 'exit');
await browser.close();
process.exitCode = code;
