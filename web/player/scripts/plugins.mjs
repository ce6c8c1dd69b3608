import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

/** `import text from './x.css'` gives the minified sheet as a string, for a constructable stylesheet. */
export const cssText = () => ({
  name: 'css-text',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css',
        minify: true,
        target: ['chrome123', 'firefox120', 'safari17.5'],
      });
      return { contents: code.trim(), loader: 'text' };
    });
  },
});

/** Templates are indented for people; the indentation need not travel. One line break stays: it may be a space. */
export const tightTemplates = () => ({
  name: 'tight-templates',
  setup(build) {
    build.onLoad({ filter: /\/src\/(view|shop|wide)\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(/\n\s+/g, '\n'), loader: 'ts' };
    });
  },
});
