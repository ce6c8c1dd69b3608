// Builds dist/: the component, its lazily loaded parts, the watch page and the embed example.
import { cp, mkdir, rm, readFile, readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { cssText, tightTemplates } from './plugins.mjs';

const dist = new URL('../dist/', import.meta.url);
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

await build({
  absWorkingDir: new URL('..', import.meta.url).pathname,
  entryPoints: { 'showfloor-show': 'src/showfloor-show.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
  minify: true,
  legalComments: 'none',
  chunkNames: '[name]-[hash]',
  conditions: ['production', 'browser', 'module', 'import'],
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [cssText(), tightTemplates()],
  logLevel: 'warning',
});

for (const folder of ['watch', 'embed-example']) {
  await cp(new URL(`../${folder}/`, import.meta.url), new URL(`${folder}/`, dist), { recursive: true });
}

for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js')).sort()) {
  const bytes = await readFile(new URL(name, dist));
  console.log(
    `${name.padEnd(28)} ${String(bytes.length).padStart(7)} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`,
  );
}
