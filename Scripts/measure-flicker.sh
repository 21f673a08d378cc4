#!/usr/bin/env bash
# Draws pans over Seasons landscapes, translates them with and without smoothed norms, and prints
# by how much consecutive frames differ on average, in levels of 255, beyond the pan's own.
# Needs ffmpeg. Usage: Scripts/measure-flicker.sh [PROGRAM] [MODEL]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-.build/release/cyclegan}")
model=$(realpath "${2:-Models/seasons.safetensors}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

number() { sed "s/.*\"$1\":\([-0-9.e]*\).*/\1/"; }
printf '%-36s %8s %8s %8s\n' film --smooth frames beyond
measure() {
  for smooth in 0 0.8 0.9 0.95; do
    report=$("$program" translate "$1.mkv" out.mkv --model "$model" --smooth $smooth --overwrite \
      --quiet --json)
    after=$(number difference_of_frames <<<"$report")
    before=$(number difference_of_input_frames <<<"$report")
    awk -v film="$2" -v smooth=$smooth -v after="$after" -v before="$before" \
      'BEGIN { printf "%-36s %8s %8.3f %8.3f\n", film, smooth, after, after - before }'
  done
}
encode() { ffmpeg -v error -framerate 25 "${@:1:$#-1}" -c:v libx264 -qp 0 "${!#}"; }
for seed in 3 7 11; do
  "$program" dataset seasons pan$seed --pan 50 --size 128 --seed $seed
  encode -i pan$seed/summer/%05d.png pan$seed.mkv
  measure pan$seed "pan over scene $seed"
  # A still camera whose sensor is noisy, past which something dark goes.
  encode -loop 1 -i pan$seed/summer/00000.png -f lavfi -i color=black:s=32x64:r=25 -frames:v 50 \
    -filter_complex "[0]noise=alls=12:allf=t[a];[a][1]overlay=x=-32+4*n:y=56" still$seed.mkv
  measure still$seed "still camera, scene $seed"
done
