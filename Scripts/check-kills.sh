#!/usr/bin/env bash
# Kills `cyclegan translate` at random moments, looks at what is there each time, and lets it finish:
# every output must be whole and equal to that of a run that nobody disturbed.
# Usage: Scripts/check-kills.sh [KILLS] [PROGRAM] [MODEL]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-50}
program=$(realpath "${2:-.build/release/cyclegan}")
model=$(realpath "${3:-Models/seasons.safetensors}")
RANDOM=7

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$program" dataset seasons drawn --count 24 --test-count 0 --size 96 --quiet
mkdir in && mv drawn/trainA in/a && mv drawn/trainB in/b
command=("$program" translate in --model "$model" --quiet)
start=$(date +%s%N)
"${command[@]}" whole
milliseconds=$((($(date +%s%N) - start) / 1000000))

# Compares all outputs that are there; prints how many.
compare() {
  local count=0 file
  while IFS= read -r file; do
    cmp "out/$file" "whole/$file" || { echo "out/$file is not what it should be" >&2; exit 1; }
    count=$((count + 1))
  done < <(cd out 2>/dev/null && find . -name '*.png' ! -name '.*')
  echo $count
}

hit=0
finished=0
attempts=0
while [ $hit -lt "$kills" ]; do
  attempts=$((attempts + 1))
  "${command[@]}" out &
  process=$!
  sleep "$(awk -v most="$milliseconds" -v random=$RANDOM 'BEGIN { print random / 32768 * most / 2000 }')"
  if kill -9 $process 2>/dev/null; then hit=$((hit + 1)); fi
  wait $process 2>/dev/null || true
  count=$(compare)
  if [ "$count" -eq 48 ]; then
    # All is done: begin anew.
    finished=$((finished + 1))
    rm -rf out
  fi
done
"${command[@]}" out
[ "$(compare)" -eq 48 ]
left=$(find out -name '.*' -type f)
[ -z "$left" ] || { echo "temporary files were left: $left" >&2; exit 1; }
echo "$hit of $attempts kills found it at work; $finished times it had made all outputs by then." \
  "All 48 outputs are whole and equal to those of an undisturbed run."
