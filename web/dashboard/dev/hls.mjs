// A live stream for the mock, made once with ffmpeg from the drawn studio: a sliding playlist with programme date-time.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENTS = 150;
const WINDOW = 6;

export async function makeHls(folder, browser, art) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'all.m3u8'))) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(`file://${art}`);
    await page.screenshot({ path: join(folder, 'scene.png') });
    await page.close();
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-loop',
      '1',
      '-framerate',
      '10',
      '-i',
      join(folder, 'scene.png'),
      '-f',
      'lavfi',
      '-i',
      'anullsrc=r=48000:cl=stereo',
      '-t',
      String(SEGMENTS * 2),
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '20',
      '-c:a',
      'aac',
      '-b:a',
      '32k',
      '-f',
      'hls',
      '-hls_time',
      '2',
      '-hls_list_size',
      '0',
      '-hls_segment_type',
      'fmp4',
      '-hls_segment_filename',
      join(folder, '%d.m4s'),
      join(folder, 'all.m3u8'),
    ]);
  }
  const began = Date.now() - WINDOW * 2000;
  return (name, _url, response) => {
    if (name === 'index.m3u8') {
      const last = Math.min(SEGMENTS - 1, Math.floor((Date.now() - began) / 2000) - 1);
      const first = Math.max(0, last - WINDOW + 1);
      const lines = [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-TARGETDURATION:2',
        `#EXT-X-MEDIA-SEQUENCE:${first}`,
        '#EXT-X-MAP:URI="init.mp4"',
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(began + first * 2000).toISOString()}`,
      ];
      for (let n = first; n <= last; n++) lines.push('#EXTINF:2.0,', `${n}.m4s`);
      response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' });
      response.end(lines.join('\n') + '\n');
      return;
    }
    const path = join(folder, name);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'video/mp4' });
    response.end(readFileSync(path));
  };
}
