// Bundles test/*.test.ts for Node and runs them with its own test runner.
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { cssText } from './plugins.mjs';

const root = new URL('..', import.meta.url).pathname;
const out = `${root}build/test`;
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const tests = (await readdir(`${root}test`)).filter((file) => file.endsWith('.test.ts'));
await build({
  absWorkingDir: root,
  entryPoints: tests.map((file) => `test/${file}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  packages: 'bundle',
  external: ['playwright-core', 'axe-core', 'ws', 'esbuild'],
  format: 'esm',
  target: 'node20',
  conditions: ['node', 'import'],
  plugins: [cssText()],
  logLevel: 'warning',
});
const wanted = process.argv.slice(2);
const files = tests.map((file) => `${out}/${file.replace(/\.ts$/, '.mjs')}`).filter((file) => !wanted.length || wanted.some((w) => file.includes(w)));
const runner = spawn(process.execPath, ['--test', ...files], { stdio: 'inherit', cwd: root });
runner.on('exit', (code) => process.exit(code ?? 1));
