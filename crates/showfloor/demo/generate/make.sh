#!/bin/sh
# Makes everything in the folder above anew. Needs Node 20, Chromium, and an ffmpeg with flite, rubberband and libx264
# (Debian: apt-get install nodejs npm chromium ffmpeg). About five minutes on two cores.
# usage: make.sh [WORK_DIR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(dirname "$here")
work=${1:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)

[ -f "$work/package.json" ] || (cd "$work" && npm init --yes >/dev/null)
[ -d "$work/node_modules/playwright-core" ] || (cd "$work" && npm install --no-audit --no-fund playwright-core@1.65.1)

node "$here/voice.mjs" "$work"
node "$here/music.mjs" "$work"
node "$here/sound.mjs" "$work"
node "$here/documents.mjs" "$work" "$out"
node "$here/stills.mjs" "$work" "$out"
node "$here/render.mjs" "$work"
"$here/encode.sh" "$work" "$out/programme.flv"
"$here/check.sh" "$out/programme.flv"
