// A real publisher: ffmpeg, with a number burned into every frame that a browser can read back.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Bits of the frame number; the counter wraps after 2¹⁶ frames, far beyond any test. */
export const COUNTER_BITS = 16;
/** Side of one bit's square, in pixels of the 640×360 picture. */
export const COUNTER_CELL_PX = 32;
export const FRAMES_PER_SECOND = 30;

export interface Publisher {
  /** Kills the publisher in the middle of whatever it does. */
  drop(): Promise<void>;
  /** Ends the stream properly. */
  end(): Promise<void>;
  log(): string;
}

export interface PublisherOptions {
  /** Number of the first frame. */
  firstFrame?: number;
  /** Key frame distance in frames. */
  keyFrames?: number;
  sound?: "beep" | "silence" | "none";
}

/** Publishes a test picture to `rtmpUrl/streamKey` in real time. */
export function publish(rtmpUrl: string, streamKey: string, options: PublisherOptions = {}): Publisher {
  const first = options.firstFrame ?? 0;
  const gop = options.keyFrames ?? FRAMES_PER_SECOND;
  const child = spawn(
    "ffmpeg",
    [
      ...["-hide_banner", "-nostdin", "-loglevel", "warning", "-re"],
      ...["-f", "lavfi", "-i", `testsrc2=size=640x360:rate=${FRAMES_PER_SECOND}`],
      ...sound(options.sound ?? "beep"),
      ...["-vf", counter(first), "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"],
      ...["-profile:v", "baseline", "-pix_fmt", "yuv420p", "-threads", "1", "-g", String(gop)],
      ...["-keyint_min", String(gop), "-sc_threshold", "0", "-b:v", "800k"],
      ...(options.sound === "none" ? ["-an"] : ["-c:a", "aac", "-b:a", "96k", "-ar", "48000"]),
      ...["-f", "flv", `${rtmpUrl}/${streamKey}`],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  return {
    drop: () => gone(child, "SIGKILL"),
    end: () => gone(child, "SIGTERM"),
    log: () => log,
  };
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

function sound(kind: "beep" | "silence" | "none"): string[] {
  switch (kind) {
    case "beep":
      return ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:beep_factor=2"];
    case "silence":
      return ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"];
    case "none":
      return [];
  }
}

// A white square for each set bit over a black bar: the lowest bit is on the left.
function counter(first: number): string {
  const bar = `drawbox=x=0:y=0:w=${COUNTER_BITS * COUNTER_CELL_PX}:h=${COUNTER_CELL_PX}:color=black:t=fill`;
  const bits = Array.from({ length: COUNTER_BITS }, (_, bit) => {
    const isSet = `gt(mod(floor((n+${first})/${2 ** bit})\\,2)\\,0)`;
    const at = `x=${bit * COUNTER_CELL_PX}:y=0:w=${COUNTER_CELL_PX}:h=${COUNTER_CELL_PX}`;
    return `drawbox=${at}:color=white:t=fill:enable='${isSet}'`;
  });
  return [bar, ...bits].join(",");
}
