import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Served under one path by the same host as the API; every asset is a file of its own, since the page's policy allows no `data:` pictures. */
export default defineConfig({
  base: '/dashboard/',
  plugins: [react()],
  // The light build has what a preview needs: no subtitles, no protected media.
  resolve: { alias: { 'hls.js': 'hls.js/light' } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
