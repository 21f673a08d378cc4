#!/usr/bin/env bash
# The first ten minutes on an NVIDIA GPU: is everything found, is it right, how fast is it.
# Usage: Scripts/gpu-check.sh [--program FILE] [--output FOLDER]
# The program may have been built elsewhere and carried here; then nothing of Swift is needed. Each
# check has a time limit, a log in the output folder and a line in results.jsonl; a check that fails
# does not stop those after it. Exit status 1 if one failed. Docs/GPU.md says what is looked at.
set -uo pipefail
program= output=gpu-check
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=$(realpath "$2") ;;
    --output) output=$2 ;;
    *) sed -n '2,7s/^# //p' "$0" >&2; exit 64 ;;
  esac
  shift 2
done
mkdir -p "$output" && output=$(realpath "$output")
cd "$(dirname "$0")/.."
if [ -z "$program" ]; then
  swift build -c release --product cyclegan || exit 1
  program=$PWD/.build/release/cyclegan
fi
model=$PWD/Models/seasons.safetensors
failures=0

# check NAME SECONDS COMMAND...: runs a command with a time limit and records how it went.
check() {
  local name=$1 limit=$2 status start=$SECONDS
  shift 2
  timeout "$limit" "$@" >"$output/$name.log" 2>&1
  status=$?
  [ $status -eq 0 ] || failures=$((failures + 1))
  printf '{"check":"%s","status":%d,"seconds":%d}\n' "$name" $status $((SECONDS - start)) |
    tee -a "$output/results.jsonl"
}

# The same short trainings on the processor and on the GPU; losses of their last steps side by side.
# A training multiplies what it is off by: on the processor alone, a learning rate changed by a
# millionth changes the losses of this training's second step by 1e-6, of its third by 5e-5, of its
# fifth by 4e-3 and of its tenth by 1e-2.
trajectory() {
  cd "$output" && rm -rf data run-*
  "$program" dataset seasons data --count 8 --test-count 2 --size 64 --quiet || return 1
  local device steps
  for steps in 1 2 3 10; do
    for device in cpu cuda; do
      "$program" train data/trainA data/trainB --output run-$device-$steps --preset quick \
        --steps $steps --average 0 --device $device --quiet || return 1
    done
  done
  python3 - <<'PYTHON'
import json, sys

def losses(device, steps):
    lines = map(json.loads, open(f"run-{device}-{steps}/log.jsonl"))
    return [line["losses"] for line in lines if line["event"] == "report"][-1]

failed = False
for steps, allowed in (1, 1e-4), (2, 1e-4), (3, 1e-3), (10, 5e-2):
    a, b = losses("cpu", steps), losses("cuda", steps)
    worst = max(abs(a[name] - b[name]) / max(abs(a[name]), 1e-2) for name in a)
    print(f"step {steps}: the losses differ by {worst:.2e} at most; {allowed} is allowed")
    failed = failed or not worst <= allowed
sys.exit(failed)
PYTHON
}

# The last training again, kernel by kernel: graphs must compute the same bits.
graphs() {
  cd "$output" && rm -rf run-single
  CYCLEGAN_CUDA_GRAPHS=off "$program" train data/trainA data/trainB --output run-single \
    --preset quick --steps 10 --average 0 --device cuda --quiet || return 1
  python3 - <<'PYTHON'
import json, sys

def losses(run):
    lines = map(json.loads, open(f"{run}/log.jsonl"))
    return [line["losses"] for line in lines if line["event"] == "report"]

graphs, single = losses("run-cuda-10"), losses("run-single")
print(*graphs, *single, sep="\n")
sys.exit(graphs != single)
PYTHON
}

# Translations of the same pictures on both: at most one level of 255 apart.
translation() {
  cd "$output" && rm -rf out-cpu out-cuda
  local device
  for device in cpu cuda; do
    "$program" translate data/testA out-$device --model "$model" --device $device --quiet || return 1
  done
  "$program" score out-cuda out-cpu
}

: >"$output/results.jsonl"
check system 10 nvidia-smi
check device 60 "$program" device --device cuda
check verbs-float32 60 "$program" device --device cuda --check --json
check verbs-tf32 60 "$program" device --device cuda --check --precision tf32 --json
check verbs-bfloat16 60 "$program" device --device cuda --check --precision bfloat16 --json
export program output model
export -f trajectory graphs translation
check trajectory 120 bash -c trajectory
check graphs 60 bash -c graphs
check translation 60 bash -c translation
if command -v compute-sanitizer >/dev/null; then
  check memory 120 compute-sanitizer --error-exitcode 1 "$program" device --device cuda --check
fi
for precision in float32 tf32 bfloat16; do
  for work in training-step inference layers; do
    check "$work-$precision" 120 "$program" benchmark --case $work --repeats 20 --device cuda \
      --precision $precision --json
  done
done
check training-step-single 120 env CYCLEGAN_CUDA_GRAPHS=off "$program" benchmark \
  --case training-step --repeats 20 --device cuda --precision bfloat16 --json
check peers 240 python3 Scripts/compare-gpu-with-pytorch.py --program "$program" --rounds 1
cat "$output"/peers.log "$output"/training-step-*.log "$output"/inference-*.log
[ $failures -eq 0 ] || { echo "$failures checks failed; see the logs in $output." >&2; exit 1; }
