// Brings the mix to -18 LUFS and encodes it as AAC in such a way that the loop has no seam: three turns are encoded and
// the middle one is cut out by whole AAC frames, so its first frame continues its last.
// usage: node sound.mjs WORK_DIR   → WORK_DIR/sound.aac, exactly one loop
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOP_S, SAMPLE_RATE } from './script.mjs';

const TARGET_LUFS = -18;
const FRAME_SAMPLES = 1024;
const ENCODER_DELAY_FRAMES = 1; // ffmpeg's AAC encoder primes with one frame

const dir = process.argv[2], at = (name) => join(dir, name);
const measured = spawnSync('ffmpeg', ['-hide_banner', '-nostats', '-i', at('mix.wav'), '-af', 'ebur128', '-f', 'null', '-'], { encoding: 'utf8' });
const loudness = Number(measured.stderr.match(/I:\s+(-[\d.]+) LUFS\s+Threshold/g).at(-1).match(/-[\d.]+/)[0]);
const gain = (TARGET_LUFS - loudness).toFixed(2);
console.log(`mix at ${loudness} LUFS, gain ${gain} dB`);
execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', '-stream_loop', '2', '-i', at('mix.wav'), '-af', `volume=${gain}dB`, '-c:a', 'aac', '-b:a', '80k', '-f', 'adts', at('three.aac')]);

const file = readFileSync(at('three.aac'));
const frames = [];
for (let p = 0; p < file.length;) {
  if (file[p] !== 0xff || (file[p + 1] & 0xf0) !== 0xf0) throw new Error(`no ADTS sync word at byte ${p}`);
  const length = ((file[p + 3] & 3) << 11) | (file[p + 4] << 3) | (file[p + 5] >> 5);
  frames.push(file.subarray(p, p + length));
  p += length;
}
const perLoop = (LOOP_S * SAMPLE_RATE) / FRAME_SAMPLES;
if (!Number.isInteger(perLoop)) throw new Error('the loop is not a whole number of AAC frames');
const first = perLoop + ENCODER_DELAY_FRAMES;
writeFileSync(at('sound.aac'), Buffer.concat(frames.slice(first, first + perLoop)));
console.log(`${perLoop} AAC frames of ${frames.length}`);
