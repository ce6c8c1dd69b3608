import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

/** Gzipped: the first part, which plays and sells; and all that the player can ever fetch but hls.js. */
const FIRST_MAX_BYTES = 25 * 1024;
const ALL_MAX_BYTES = 52 * 1024;

const root = process.cwd();
const dist = `${root}/dist/`;
const size = (name: string) => gzipSync(readFileSync(dist + name), { level: 9 }).length;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(`${folder}/${entry.name}`)
      : /\.(ts|js|html)$/.test(entry.name)
        ? [`${folder}/${entry.name}`]
        : [],
  );
}

describe('the bundle', () => {
  let parts: string[] = [];
  before(() => {
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
    parts = readdirSync(dist).filter((name) => name.endsWith('.js'));
  });

  it(`is at most ${FIRST_MAX_BYTES / 1024} KB gzipped in its first part, Lit included`, () => {
    assert.ok(size('showfloor-show.js') <= FIRST_MAX_BYTES, `${size('showfloor-show.js')} bytes`);
  });

  it('is one file until something more is needed: every other part is asked for later', () => {
    assert.doesNotMatch(readFileSync(`${dist}showfloor-show.js`, 'utf8'), /(^|;)import\s*[{"']|from"\.\//);
  });

  it(`is at most ${ALL_MAX_BYTES / 1024} KB with all its parts but hls.js`, () => {
    const all = parts.filter((name) => !name.startsWith('hls')).reduce((sum, name) => sum + size(name), 0);
    assert.ok(all <= ALL_MAX_BYTES, `${all} bytes`);
  });

  it('keeps hls.js in a part of its own', () => {
    assert.equal(parts.filter((name) => name.startsWith('hls')).length, 1);
    assert.ok(!readFileSync(`${dist}showfloor-show.js`, 'utf8').includes('EXT-X-'));
  });

  it('makes no code from text, and no workers from strings', () => {
    for (const name of parts.filter((part) => !part.startsWith('hls')))
      assert.doesNotMatch(readFileSync(dist + name, 'utf8'), /\beval\(|new Function|new Worker/, name);
  });
});

describe('the source', () => {
  it('turns text into text nodes only (abuse case R3)', () => {
    for (const file of ['src', 'watch', 'embed-example'].flatMap((folder) => sources(`${root}/${folder}`)))
      assert.doesNotMatch(
        readFileSync(file, 'utf8'),
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML|unsafeSVG|srcdoc/,
        file,
      );
  });

  it('has no inline script, style or handler in its pages', () => {
    for (const file of ['watch', 'embed-example']
      .flatMap((folder) => sources(`${root}/${folder}`))
      .filter((name) => name.endsWith('.html')))
      assert.doesNotMatch(readFileSync(file, 'utf8'), /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/, file);
  });

  it('has no style attributes in its templates, which a strict policy would drop', () => {
    for (const file of sources(`${root}/src`)) assert.doesNotMatch(readFileSync(file, 'utf8'), /[\s"]style=["$]/, file);
  });
});
