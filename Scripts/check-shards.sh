#!/usr/bin/env bash
# Translates a folder by processes that mpirun starts, each of which finds its part in what Open MPI
# tells it, and compares with one run: same outputs, same bytes, each picture done once.
# Needs mpirun (Debian's package openmpi-bin). Usage: Scripts/check-shards.sh [PROCESSES] [PROGRAM] [MODEL]
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-4}
program=$(realpath "${2:-.build/release/cyclegan}")
model=$(realpath "${3:-Models/seasons.safetensors}")
command -v mpirun >/dev/null || { echo "mpirun was not found. Install openmpi-bin." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$program" dataset seasons in --count 24 --test-count 6 --size 64 --quiet
translate() { "$@" "$program" translate in "$output" --model "$model" --threads 1 --quiet; }
output=whole
translate env
output=parts
as_root=()
[ "$(id -u)" -ne 0 ] || as_root=(--allow-run-as-root)
translate mpirun "${as_root[@]}" --oversubscribe -n "$count"

diff --recursive --brief --exclude='manifest*.jsonl' whole parts
[ "$(ls parts/manifest-*-of-"$count".jsonl | wc -l)" -eq "$count" ]
inputs() { sed 's/.*"input":"\([^"]*\)".*/\1/' "$@" | sort; }
diff <(inputs whole/manifest.jsonl) <(inputs parts/manifest-*.jsonl)
for part in parts/manifest-*.jsonl; do echo "$(basename "$part"): $(wc -l <"$part") pictures"; done
echo "Together they made the 60 outputs of one run, byte for byte, each once."
