// How long a picture takes from the encoder's input to Chromium's screen, and how long a page takes to show one.
//
// Every picture carries the wall clock of the moment in which it left the source, in milliseconds since this program
// started, as 20 squares in its first rows: a white square is a set bit, the lowest bit is on the left. Source and
// browser run on one machine and so read one clock. Prints one JSON object.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../e2e/package.json", import.meta.url))("playwright");

const ready = JSON.parse(process.argv[2]);
const PART_TARGET_MS = 200;
const WARM_UP_MS = 10_000;
const SAMPLE_MS = 20_000;
const STARTS = 5;
const FRAMES_PER_SECOND = 30;
const CLOCK_BITS = 20;
const CELL_PX = 32;
const started = Date.now();

/** Asks for what the show shall do, as the dashboard does. */
async function setPartTarget() {
  const origin = ready.api_url;
  const json = { origin, "content-type": "application/json" };
  const signIn = await fetch(`${origin}/v1/auth/sign-in`, { method: "POST", headers: json, body: JSON.stringify(ready.owner) });
  const cookie = signIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const show = `${origin}/v1/admin/shows/${ready.idle_show_id}`;
  const etag = (await fetch(show, { headers: { cookie } })).headers.get("etag") ?? "";
  const changed = await fetch(show, {
    method: "PATCH",
    headers: { ...json, cookie, "if-match": etag },
    body: JSON.stringify({ settings: { part_target_ms: PART_TARGET_MS } }),
  });
  if (!changed.ok) throw new Error(`the part target was refused: ${changed.status} ${await changed.text()}`);
}

/** A test picture in real time with the clock burned in; set as an encoder that cares for latency is set. */
function publish() {
  const bits = Array.from({ length: CLOCK_BITS }, (_, bit) => {
    const isSet = `gt(mod(floor(t*1000/${2 ** bit})\\,2)\\,0)`;
    return `drawbox=x=${bit * CELL_PX}:y=0:w=${CELL_PX}:h=${CELL_PX}:color=white:t=fill:enable='${isSet}'`;
  });
  const filters = [
    `drawbox=x=0:y=0:w=${CLOCK_BITS * CELL_PX}:h=${CELL_PX}:color=black:t=fill`,
    // The wall clock becomes the picture's time while the squares are drawn; then pictures are evenly apart again.
    "settb=1/1000000",
    `setpts=RTCTIME-${started}000`,
    ...bits,
    `setpts=N/${FRAMES_PER_SECOND}/TB`,
  ];
  const child = spawn(
    "ffmpeg",
    [
      ...["-hide_banner", "-nostdin", "-loglevel", "warning"],
      ...["-re", "-f", "lavfi", "-i", `testsrc2=size=640x360:rate=${FRAMES_PER_SECOND}`],
      ...["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"],
      ...["-vf", filters.join(","), "-r", String(FRAMES_PER_SECOND)],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline"],
      ...["-pix_fmt", "yuv420p", "-threads", "1", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0", "-b:v", "800k"],
      ...["-c:a", "aac", "-b:a", "96k", "-flush_packets", "1", "-f", "flv", `${ready.rtmp_url}/${ready.stream_key}`],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  return child;
}

/** Runs in the page before anything of it: notes each picture that the player puts on screen. */
function watch({ bits, cell, started }) {
  const seen = [];
  Object.assign(globalThis, { seen });
  const canvas = new OffscreenCanvas(bits * cell, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const read = (video) => (_now, frame) => {
    context.drawImage(video, 0, cell / 2, bits * cell, 1, 0, 0, bits * cell, 1);
    const pixels = context.getImageData(0, 0, bits * cell, 1).data;
    let clock = 0;
    for (let bit = 0; bit < bits; bit++) if (pixels[(bit * cell + cell / 2) * 4] > 127) clock += 2 ** bit;
    const shownAt = performance.timeOrigin + frame.expectedDisplayTime - started;
    seen.push({ clock, shownAt, mediaTime: frame.mediaTime, presented: frame.presentedFrames, rate: video.playbackRate });
    video.requestVideoFrameCallback(read(video));
  };
  const look = () => {
    const video = document.querySelector("showfloor-show")?.shadowRoot?.querySelector("video");
    if (video) video.requestVideoFrameCallback(read(video));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function open(browser) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.addInitScript(watch, { bits: CLOCK_BITS, cell: CELL_PX, started });
  await page.goto(ready.idle_show_url, { waitUntil: "commit" });
  return page;
}

/** When the second picture, and so a moving one, was on screen, from the start of the navigation. */
async function firstMotion(page) {
  await page.waitForFunction(() => globalThis.seen?.length >= 2, undefined, { timeout: 30_000 });
  return page.evaluate((started) => globalThis.seen[1].shownAt + started - performance.timeOrigin, started);
}

const percentile = (figures, share) => figures.toSorted((a, b) => a - b)[Math.floor((figures.length - 1) * share)];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function whenOnAir() {
  for (let tries = 0; tries < 200; tries++) {
    const show = await (await fetch(`${ready.api_url}/v1/shows/${ready.idle_show_id}`)).json();
    if (show.state === "live") return;
    await wait(100);
  }
  throw new Error("the show did not go on air");
}

await setPartTarget();
const encoder = publish();
const browser = await chromium.launch({
  executablePath: process.env.SHOWFLOOR_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--disable-background-networking"],
});
try {
  await whenOnAir();
  const page = await open(browser);
  await firstMotion(page);
  await wait(WARM_UP_MS);
  const from = await page.evaluate(() => globalThis.seen.length);
  await wait(SAMPLE_MS);
  const frames = (await page.evaluate(() => globalThis.seen)).slice(from);
  await page.context().close();
  const starts = [];
  for (let start = 0; start < STARTS; start++) {
    const page = await open(browser);
    starts.push(await firstMotion(page));
    await page.context().close();
  }
  const [first, last] = [frames[0], frames.at(-1)];
  const latencies = frames.map((frame) => frame.shownAt - frame.clock);
  const due = Math.round((last.mediaTime - first.mediaTime) * FRAMES_PER_SECOND);
  console.log(
    JSON.stringify({
      frames: frames.length,
      latency_p50_ms: percentile(latencies, 0.5),
      latency_p95_ms: percentile(latencies, 0.95),
      latency_min_ms: Math.min(...latencies),
      latency_max_ms: Math.max(...latencies),
      due,
      skipped: Math.max(0, due - (last.presented - first.presented)),
      seconds: (last.shownAt - first.shownAt) / 1000,
      rates: [...new Set(frames.map((frame) => Math.round(frame.rate * 100) / 100))],
      start_p50_ms: percentile(starts, 0.5),
      start_max_ms: Math.max(...starts),
    }),
  );
} finally {
  await browser.close();
  const gone = encoder.exitCode === null ? once(encoder, "exit") : undefined;
  encoder.kill("SIGTERM");
  await gone;
}
