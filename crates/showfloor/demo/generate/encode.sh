#!/bin/sh
# Encodes picture and sound for publishing: H.264 High without B-frames, a key frame every 2 s (60 frames) and nowhere
# else, AAC, in FLV. usage: encode.sh WORK_DIR OUT.flv
set -eu
x264="-c:v libx264 -preset slow -profile:v high -level 3.1 -b:v 400k -maxrate 700k -bufsize 1400k -bf 0 -g 60 -keyint_min 60 -sc_threshold 0 -threads 2"
colour="-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv"
cd "$1"
# shellcheck disable=SC2086
ffmpeg -hide_banner -loglevel error -y -i picture.mkv $x264 $colour -x264-params open-gop=0:aq-mode=3 -pass 1 -an -f null -
# shellcheck disable=SC2086
ffmpeg -hide_banner -loglevel error -y -i picture.mkv -i sound.aac -map 0:v -map 1:a $x264 $colour -x264-params open-gop=0:aq-mode=3 \
  -pass 2 -c:a copy -flvflags no_sequence_end -fflags +bitexact -f flv "$2"
