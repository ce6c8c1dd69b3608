#!/bin/sh
# Fails unless a programme keeps what the demo relies on. usage: check.sh FILE.flv
set -eu
probe() { ffprobe -v error -select_streams "$1" -show_entries "$2" -of csv=p=0 "$3"; }
fail() { echo "$1" >&2; exit 1; }

size=$(wc -c <"$1")
[ "$size" -lt 6000000 ] || fail "$size bytes, at most 6,000,000"
[ "$(probe v stream=codec_name,profile,width,height,has_b_frames "$1")" = h264,High,720,1280,0 ] || fail "not H.264 High, 720 × 1280, without B-frames"
[ "$(probe a stream=codec_name,profile,sample_rate,channels "$1")" = aac,LC,48000,2 ] || fail "not AAC-LC, 48 kHz, stereo"
probe v packet=pts_time,flags "$1" | awk -F, '
  $2 ~ /K/ { if (keys++ && ($1 - last < 1.999 || $1 - last > 2.001)) wrong++; last = $1 }
  END { if (NR != 2400 || keys != 40 || wrong) { print NR " frames, " keys " key frames, " wrong + 0 " not 2 s apart"; exit 1 } }' >&2 || fail "not 2,400 frames with a key frame every 2 s"
packets=$(probe a packet=pts_time "$1" | wc -l)
[ "$packets" -eq 3750 ] || fail "$packets AAC frames, 3,750 make one loop"
loudness=$(ffmpeg -hide_banner -nostats -i "$1" -map 0:a -af ebur128 -f null - 2>&1 | awk '/ I: / { value = $2 } END { print value }')
awk -v l="$loudness" 'BEGIN { exit !(l <= -16 && l >= -20) }' || fail "$loudness LUFS, between -20 and -16"
echo "$1: $size bytes, 80 s, a key frame every 2 s, no B-frames, $loudness LUFS"
