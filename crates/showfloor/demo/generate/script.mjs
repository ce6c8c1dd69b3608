// Reads script.txt. Shared by the voice, the sound and the cue list, so that all three agree.
import { readFileSync } from 'node:fs';

export const LOOP_S = 80; // a whole number of 2 s key-frame groups and of 1024-sample AAC frames at 48 kHz
export const FPS = 30;
export const SAMPLE_RATE = 48_000;

/** @returns {{at: number, spoken: string, caption: string}[]} in order of time */
export function readScript(url = new URL('script.txt', import.meta.url)) {
  return readFileSync(url, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => {
      const [at, spoken, caption = spoken] = line.split('|').map((part) => part.trim());
      return { at: Number(at), spoken, caption };
    });
}

/** Mono 16-bit PCM of a WAV file, as floats. */
export function readWav(path) {
  const file = readFileSync(path);
  const data = file.indexOf('data', 12, 'latin1');
  const samples = new Int16Array(file.buffer.slice(file.byteOffset + data + 8, file.byteOffset + file.length - ((file.length - data) % 2)));
  return Float32Array.from(samples, (s) => s / 32768);
}

/** Interleaved float channels as a 16-bit WAV file. */
export function wavBytes(channels, rate = SAMPLE_RATE) {
  const n = channels[0].length;
  const body = Buffer.alloc(44 + n * channels.length * 2);
  body.write('RIFF', 0); body.writeUInt32LE(body.length - 8, 4); body.write('WAVEfmt ', 8);
  body.writeUInt32LE(16, 16); body.writeUInt16LE(1, 20); body.writeUInt16LE(channels.length, 22);
  body.writeUInt32LE(rate, 24); body.writeUInt32LE(rate * channels.length * 2, 28);
  body.writeUInt16LE(channels.length * 2, 32); body.writeUInt16LE(16, 34);
  body.write('data', 36); body.writeUInt32LE(body.length - 44, 40);
  let at = 44;
  for (let i = 0; i < n; i++) {
    for (const channel of channels) {
      body.writeInt16LE(Math.round(Math.max(-1, Math.min(1, channel[i])) * 32767), at);
      at += 2;
    }
  }
  return body;
}
