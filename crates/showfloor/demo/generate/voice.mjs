// Speaks script.txt with flite's "slt" voice (through ffmpeg's flite source), lays the lines on the loop's time line
// and measures, for every picture frame, how far and how wide the mouth is open.
// usage: node voice.mjs OUT_DIR   → voice.wav (48 kHz mono), mouth.json, speech.json
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FPS, LOOP_S, SAMPLE_RATE, readScript, readWav, wavBytes } from './script.mjs';

const out = process.argv[2];
const script = readScript();
const voice = new Float32Array(LOOP_S * SAMPLE_RATE);
const speech = [];

script.forEach((line, index) => {
  const wav = join(out, `line-${index}.wav`);
  const text = join(out, `line-${index}.txt`);
  writeFileSync(text, line.spoken);
  // A little slower and warmer than the voice's default: body at 220 Hz, less edge at 3 kHz, a small room.
  const tone = [
    'silenceremove=start_periods=1:start_threshold=-45dB',
    'areverse', 'silenceremove=start_periods=1:start_threshold=-45dB', 'areverse',
    'aresample=48000', 'rubberband=tempo=0.95:pitch=0.985:formant=preserved',
    'highpass=f=85', 'equalizer=f=220:t=q:w=0.9:g=2.5', 'equalizer=f=3100:t=q:w=1:g=-3', 'lowpass=f=7400',
    'acompressor=threshold=-24dB:ratio=2.5:attack=8:release=120:makeup=2',
    'apad=pad_dur=0.25', 'aecho=0.9:0.7:17|29|43:0.10|0.07|0.05',
  ].join(',');
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', `flite=voice=slt:textfile=${text}`, '-af', tone, '-ac', '1', '-ar', String(SAMPLE_RATE), '-c:a', 'pcm_s16le', '-bitexact', wav]);
  const samples = readWav(wav);
  const start = Math.round(line.at * SAMPLE_RATE);
  const end = line.at + samples.length / SAMPLE_RATE;
  const limit = script[index + 1]?.at ?? LOOP_S;
  if (end > limit + 0.2) throw new Error(`"${line.caption}" ends at ${end.toFixed(2)} s, the next line starts at ${limit} s`);
  for (let i = 0; i < samples.length && start + i < voice.length; i++) voice[start + i] += samples[i];
  speech.push({ at_ms: Math.round(line.at * 1000), until_ms: Math.round((end - 0.25) * 1000), text: line.caption });
});
writeFileSync(join(out, 'voice.wav'), wavBytes([voice]));
writeFileSync(join(out, 'speech.json'), JSON.stringify(speech, null, 2));

// Mouth: loudness of each frame's 50 ms, and brightness (zero crossings) for how wide: "ee" is wide, "oo" is round.
const window = SAMPLE_RATE / 20;
const raw = [];
for (let f = 0; f < LOOP_S * FPS; f++) {
  const mid = Math.round(((f + 0.5) / FPS) * SAMPLE_RATE);
  let energy = 0, crossings = 0;
  for (let i = mid - window / 2; i < mid + window / 2; i++) {
    const s = voice[i] ?? 0;
    energy += s * s;
    if (s * (voice[i - 1] ?? 0) < 0) crossings++;
  }
  raw.push({ rms: Math.sqrt(energy / window), rate: crossings / window * SAMPLE_RATE / 2 });
}
const loud = raw.map((r) => r.rms).sort((a, b) => a - b)[Math.floor(raw.length * 0.96)];
let open = 0, wide = 0;
const mouth = raw.map(({ rms, rate }) => {
  const hiss = rate > 2600 ? 0.35 : 1; // s and f are loud with a nearly closed mouth
  const target = Math.min(1, Math.pow(rms / loud, 0.75)) * hiss;
  open += (target - open) * (target > open ? 0.7 : 0.45);
  const w = rms < loud * 0.08 ? 0 : Math.max(-1, Math.min(1, (rate - 750) / 700));
  wide += (w - wide) * 0.4;
  return [Number((open < 0.03 ? 0 : open).toFixed(3)), Number(wide.toFixed(3))];
});
writeFileSync(join(out, 'mouth.json'), JSON.stringify(mouth));
for (const line of speech) console.log(`${(line.at_ms / 1000).toFixed(1)}–${(line.until_ms / 1000).toFixed(1)} s  ${line.text}`);
