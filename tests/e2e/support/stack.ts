// A whole Showfloor of the tests' own: `showfloor demo` on free ports with an empty data folder.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What `--ready-file` holds. */
export interface Ready {
  show_id: string;
  show_url: string;
  dashboard_url: string;
  api_url: string;
  playlist_url: string;
  room_url: string;
  rtmp_url: string;
  stream_key: string;
  idle_show_id: string;
  idle_show_url: string;
  idle_playlist_url: string;
  owner: { email: string; password: string };
  sandbox_cards: Record<string, string>;
}

export interface Stack {
  ready: Ready;
  /** Everything it has logged so far. */
  log(): string;
  /** Stops it as Ctrl-C does; gives the exit code. */
  stop(): Promise<number | null>;
}

export interface StackOptions {
  /** Leaves the demo show silent. */
  silent?: boolean;
  /** Keeps and uses this data folder. */
  dataDir?: string;
}

/** Starts a stack and waits until it says that everything answers. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const program = process.env["SHOWFLOOR_BIN"];
  const web = process.env["SHOWFLOOR_WEB_DIR"];
  if (program === undefined || web === undefined) {
    throw new Error("run these tests with `cargo xtask e2e`: it builds showfloor and says where it is");
  }
  const scratch = await mkdtemp(join(tmpdir(), "showfloor-e2e-"));
  const readyFile = join(scratch, "ready.json");
  const dataDir = options.dataDir ?? join(scratch, "data");
  const ports = ["--port", "0", "--rtmp-port", "0"];
  const rest = ["--data-dir", dataDir, "--web-dir", web, "--ready-file", readyFile];
  const silent = options.silent === true ? ["--no-demo-stream"] : [];
  const child = spawn(program, ["demo", ...ports, ...rest, ...silent], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  }
  const ready = await whenReady(scratch, readyFile, child, () => log);
  return {
    ready,
    log: () => log,
    stop: async () => {
      const code = await stop(child);
      await rm(scratch, { recursive: true, force: true });
      return code;
    },
  };
}

async function whenReady(folder: string, file: string, child: ChildProcess, log: () => string): Promise<Ready> {
  const abort = new AbortController();
  const died = once(child, "exit").then(() => {
    throw new Error(`showfloor ended before it was ready:\n${log()}`);
  });
  const written = (async () => {
    const changes = watch(folder, { signal: abort.signal });
    for (;;) {
      const text = await readFile(file, "utf8").catch(() => "");
      // The file is put in place whole, so what can be read can be parsed.
      if (text !== "") return JSON.parse(text) as Ready;
      await changes[Symbol.asyncIterator]().next();
    }
  })();
  try {
    return await Promise.race([written, died]);
  } finally {
    abort.abort();
    died.catch(() => undefined);
    written.catch(() => undefined);
  }
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const gone = once(child, "exit") as Promise<[number | null]>;
  child.kill("SIGINT");
  const [code] = await gone;
  return code;
}
