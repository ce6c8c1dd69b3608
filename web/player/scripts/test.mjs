// Bundles the tests for Node and runs them with its own runner: test/, or with --browser test-browser/ in Chromium.
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { cssText } from './plugins.mjs';

const root = new URL('..', import.meta.url).pathname;
const out = `${root}build/test`;
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const wanted = process.argv.slice(2).filter((word) => word !== '--browser');
const folder = process.argv.includes('--browser') ? 'test-browser' : 'test';
const tests = (await readdir(`${root}${folder}`)).filter((file) => file.endsWith('.test.ts'));
await build({
  absWorkingDir: root,
  entryPoints: tests.map((file) => `${folder}/${file}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  packages: 'bundle',
  external: ['playwright-core', 'axe-core', 'ws', 'esbuild', '*/dev/mock.mjs'],
  format: 'esm',
  target: 'node20',
  conditions: ['node', 'import'],
  plugins: [cssText()],
  logLevel: 'warning',
});
const files = tests
  .map((file) => `${out}/${file.replace(/\.ts$/, '.mjs')}`)
  .filter((file) => !wanted.length || wanted.some((w) => file.includes(w)));
const runner = spawn(
  process.execPath,
  ['--test', ...(folder === 'test-browser' ? ['--test-concurrency=1'] : []), ...files],
  { stdio: 'inherit', cwd: root },
);
runner.on('exit', (code) => process.exit(code ?? 1));
