// Composes the loop's music and room tone and lays the voice over it.
// Every note that rings past the end is written on from the start, so the loop has no seam.
// usage: node music.mjs DIR   (reads DIR/voice.wav) → DIR/mix.wav, 48 kHz stereo, one loop
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOP_S, SAMPLE_RATE as RATE, readWav, wavBytes } from './script.mjs';

const dir = process.argv[2];
const N = LOOP_S * RATE;
const BAR = LOOP_S / 24; // 72 beats a minute, four to the bar
const BEAT = BAR / 4;
let seed = 20261120;
const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647);
const hz = (midi) => 440 * 2 ** ((midi - 69) / 12);

const keys = [new Float32Array(N), new Float32Array(N)];

/** An electric piano: a sine bent by a second one that fades sooner, with a slow tremolo. */
function key(at, midi, level, length, pan) {
  const f = hz(midi), count = Math.round(length * RATE), start = Math.round(at * RATE);
  for (let i = 0; i < count; i++) {
    const t = i / RATE;
    const attack = 1 - Math.exp(-t / 0.006), tail = Math.min(1, (count - i) / (0.35 * RATE));
    const fade = Math.exp(-t * (0.9 + f / 700));
    const bend = 1.1 * Math.exp(-t * 5) * Math.sin(2 * Math.PI * f * t) + 0.16 * Math.exp(-t * 14) * Math.sin(2 * Math.PI * f * 7 * t);
    const s = level * attack * tail * fade * Math.sin(2 * Math.PI * f * t + bend) * (1 + 0.12 * Math.sin(2 * Math.PI * 4.2 * (at + t)));
    const n = (start + i) % N;
    keys[0][n] += s * Math.sqrt(0.5 - pan / 2);
    keys[1][n] += s * Math.sqrt(0.5 + pan / 2);
  }
}

/** A felt bass: a sine and a breath of its octave. */
function bass(at, midi, level, length) {
  const f = hz(midi), count = Math.round(length * RATE), start = Math.round(at * RATE);
  for (let i = 0; i < count; i++) {
    const t = i / RATE;
    const shape = (1 - Math.exp(-t / 0.018)) * Math.exp(-t * 0.9) * Math.min(1, (count - i) / (0.25 * RATE));
    const s = level * shape * (Math.sin(2 * Math.PI * f * t) + 0.18 * Math.sin(4 * Math.PI * f * t));
    const n = (start + i) % N;
    keys[0][n] += s * 0.7;
    keys[1][n] += s * 0.7;
  }
}

const CHORDS = {
  F: [41, [57, 60, 64, 67]], Dm: [38, [57, 60, 64, 65]], Gm: [43, [58, 62, 65, 69]], C: [36, [58, 62, 65, 67]],
  Bb: [46, [57, 62, 65, 72]], Am: [45, [55, 60, 64, 71]],
};
const A = ['F', 'Dm', 'Gm', 'C'], B = ['Bb', 'Am', 'Gm', 'C'];
const TUNE = [72, 74, 77, 79, 81, 84];
[...A, ...A, ...B, ...A, ...A, ...B].forEach((name, bar) => {
  const [root, notes] = CHORDS[name];
  const at = bar * BAR;
  bass(at, root, 0.3, BAR * 0.7);
  bass(at + BEAT * 2.5, root + (bar % 2 ? 7 : 12), 0.16, BEAT * 1.4);
  notes.forEach((note, i) => key(at + i * 0.028 + 0.01 * random(), note, 0.13, BAR * 1.15, -0.3 + i * 0.2));
  notes.slice(1).forEach((note, i) => key(at + BEAT * 2.5 + i * 0.02, note, 0.07, BEAT * 2, -0.2 + i * 0.2));
  for (let half = 1; half < 8; half++) {
    if (random() < 0.3) key(at + (half * BEAT) / 2 + 0.012 * random(), TUNE[Math.floor(random() * (bar % 4 === 3 ? 4 : 6))], 0.05 + 0.03 * random(), 2.4, 0.35 * (random() - 0.5));
  }
});

/** A soft room: four combs and an all-pass, run twice round the loop so that its tail is already there at the start. */
function room(input, spread) {
  const out = new Float32Array(N);
  for (const [delay, gain] of [[1687, 0.78], [1979, 0.76], [2269, 0.74], [2557, 0.72]]) {
    const line = new Float32Array(delay + spread);
    let low = 0, p = 0;
    for (let i = 0; i < 2 * N; i++) {
      const back = line[p];
      low += (back - low) * 0.45;
      line[p] = input[i % N] + low * gain;
      p = (p + 1) % line.length;
      if (i >= N) out[i - N] += back * 0.25;
    }
  }
  return out;
}

const voice = readWav(join(dir, 'voice.wav'));
const wet = [room(keys[0], 0), room(keys[1], 61)];
const near = room(voice, 31);
// The music steps back while she speaks.
const duck = new Float32Array(N);
let level = 0;
for (let i = -RATE; i < N; i++) {
  const s = Math.min(1, Math.abs(voice[(i + N) % N]) * 6);
  level += (s - level) * (s > level ? 1 / (0.03 * RATE) : 1 / (0.6 * RATE));
  if (i >= 0) duck[i] = level;
}
// Room tone: noise with its top taken off, cross-faded over its own seam.
const tone = new Float32Array(N + RATE);
let slow = 0, slower = 0;
for (let i = 0; i < tone.length; i++) {
  const white = random() * 2 - 1;
  slow += (white - slow) * 0.045;
  slower += (white - slower) * 0.004;
  tone[i] = slow * 0.02 + slower * 0.035;
}
for (let i = 0; i < RATE; i++) { const w = i / RATE; tone[i] = tone[i] * Math.sqrt(w) + tone[N + i] * Math.sqrt(1 - w); }

const mix = keys.map((dry, side) => {
  const out = new Float32Array(N);
  for (let i = 0; i < N; i++) {
    const music = (dry[i] * 0.8 + wet[side][i] * 0.3) * 0.36 * (1 - 0.6 * Math.min(1, duck[i] * 1.6));
    out[i] = music + voice[i] * 0.8 + near[i] * 0.035 + tone[side ? (i + 7919) % N : i];
  }
  return out;
});
let peak = 0;
for (const side of mix) for (const s of side) peak = Math.max(peak, Math.abs(s));
const gain = 0.9 / peak;
writeFileSync(join(dir, 'mix.wav'), wavBytes(mix.map((side) => side.map((s) => s * gain))));
