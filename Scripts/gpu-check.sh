#!/usr/bin/env bash
# The first ten minutes on an NVIDIA GPU: is everything found, is it right, how fast is it.
# Usage: Scripts/gpu-check.sh [--program FILE] [--output FOLDER] [--seconds N]
# The program may have been built elsewhere and carried here; then nothing of Swift is needed. Each
# check has a time limit, a log in the output folder and a line in results.jsonl; a check that fails
# does not stop those after it, and what finds no time within N seconds in all (570) is left out.
# Exit status 1 if one failed. Last comes report.txt: all logs. Docs/GPU.md says what is looked at.
set -uo pipefail
program='' output=gpu-check seconds=570
while [ $# -gt 1 ]; do
  case $1 in
    --program) program=$(realpath "$2") ;;
    --output) output=$2 ;;
    --seconds) seconds=$2 ;;
    *) break ;;
  esac
  shift 2
done
[ $# -eq 0 ] || { sed -n '2,7s/^# //p' "$0" >&2; exit 64; }
mkdir -p "$output/work" && output=$(realpath "$output")
cd "$(dirname "$0")/.." || exit 1
if [ -z "$program" ]; then
  swift build -c release --product cyclegan || exit 1
  program=$PWD/.build/release/cyclegan
fi
model=$PWD/Models/seasons.safetensors
compare=$PWD/Scripts/compare-gpu-with-pytorch.py
failures=0 limit=0 end=$((SECONDS + seconds))
# A program that ends itself is to say why, and no more.
ulimit -c 0
export SWIFT_BACKTRACE=enable=no PYTHONUNBUFFERED=1

# check NAME SECONDS COMMAND...: runs a command with a time limit and records how it went.
check() {
  local name=$1 status=124 start=$SECONDS
  limit=$2
  shift 2
  [ "$limit" -le $((end - SECONDS)) ] || limit=$((end - SECONDS))
  if [ "$limit" -gt 5 ]; then
    timeout -k 5 "$limit" "$@" >"$output/$name.log" 2>&1
    status=$?
  else
    echo "No time was left." >"$output/$name.log"
  fi
  [ $status -eq 0 ] || failures=$((failures + 1))
  printf '{"check":"%s","status":%d,"seconds":%d}\n' "$name" $status $((SECONDS - start)) |
    tee -a "$output/results.jsonl"
}

# The same short trainings on the processor and on the GPU; losses of their last steps side by side.
# A training multiplies what it is off by: on the processor alone, a learning rate changed by a
# millionth changes the losses of this training's second step by 1e-6, of its third by 5e-5, of its
# fifth by 4e-3 and of its tenth by 1e-2.
trajectory() {
  cd "$output/work" && rm -rf data run-*
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

# Graphs must compute the same bits as single launches: the last training again, and steps of the whole
# networks, whose directions are branches, on tensor cores.
graphs() {
  cd "$output/work" && rm -rf run-single run-on-* run-off-*
  CYCLEGAN_CUDA_GRAPHS=off "$program" train data/trainA data/trainB --output run-single \
    --preset quick --steps 10 --average 0 --device cuda --quiet || return 1
  local precision use notes=notes-graphs
  : >$notes
  for precision in tf32 bfloat16; do
    for use in on off; do
      CYCLEGAN_CUDA_GRAPHS=$use "$program" train data/trainA data/trainB \
        --output run-$use-$precision --preset reference --steps 5 --average 0 --device cuda \
        --precision $precision --quiet 2>>$notes || { cat $notes; return 1; }
    done
  done
  cat $notes
  python3 - $notes <<'PYTHON'
import json, sys

def losses(run):
    try:
        lines = map(json.loads, open(f"{run}/log.jsonl"))
    except OSError as problem:
        return [str(problem)]
    return [line["losses"] for line in lines if line["event"] == "report"]

# Where no graph could be made there is no difference.
failed = "cannot be repeated" in open(sys.argv[1]).read()
for graphs, single in (
    ("run-cuda-10", "run-single"), ("run-on-tf32", "run-off-tf32"),
    ("run-on-bfloat16", "run-off-bfloat16"),
):
    same = losses(graphs) == losses(single)
    print(graphs, single, "the same" if same else "not the same", *losses(graphs)[-1:])
    failed = failed or not same
sys.exit(failed)
PYTHON
}

# Translations of the same pictures on both: at most one level of 255 apart.
translation() {
  cd "$output/work" && rm -rf out-cpu out-cuda
  local device
  for device in cpu cuda; do
    "$program" translate data/testA out-$device --model "$model" --device $device --quiet || return 1
  done
  "$program" score out-cuda out-cpu
}

# A long training on tensor cores, which ends where a loss is no number.
steps() {
  cd "$output/work" && rm -rf photos run-steps
  "$program" dataset seasons photos --count 32 --test-count 2 --quiet || return 1
  "$program" train photos/trainA photos/trainB --output run-steps --preset reference \
    --steps 5000 --average 0 --device cuda --precision bfloat16
}

# PyTorch's sides and the program's in turn: peers ROUNDS PEERS...
peers() {
  local rounds=$1
  shift
  python3 "$compare" --program "$program" --rounds "$rounds" --peers "$@" --limit $((limit - 5))
}

# How long the kernels of about one step take, each by itself, by their names.
kernels() {
  local csv=$output/work/kernels.csv
  CYCLEGAN_CUDA_GRAPHS=off ncu --clock-control none --metrics gpu__time_duration.sum \
    --print-units base --csv --launch-skip 2000 --launch-count 1200 "$program" benchmark \
    --device cuda --precision bfloat16 --case training-step --repeats 1 --quiet >"$csv" || {
    tail -5 "$csv"
    return 1
  }
  python3 - "$csv" <<'PYTHON'
import csv, sys
from collections import Counter

lines = [line for line in open(sys.argv[1]) if line.startswith('"')]
times, counts = Counter(), Counter()
for row in csv.DictReader(lines):
    name = row["Kernel Name"].split("(")[0][:90]
    times[name] += float(row["Metric Value"].replace(",", ""))
    counts[name] += 1
whole = times.total()
print(f"{whole / 1e6:.2f} ms in {counts.total()} kernels")
for name, time in times.most_common():
    print(f"{time / 1e6:8.3f} ms {time / whole:6.1%} {counts[name]:5d}  {name}")
sys.exit(whole == 0)
PYTHON
}

# What takes long to compile: a step's by itself first, since nothing else may find the time.
compiled() {
  local work failed=0 end=$((SECONDS + limit - 5))
  for work in training-step inference; do
    python3 "$compare" --program "$program" --precisions bfloat16:timed --peers compile --work $work \
      --limit $((end - SECONDS)) || failed=1
  done
  return $failed
}

: >"$output/results.jsonl"
check system 10 nvidia-smi
check device 60 "$program" device --device cuda
for precision in float32 tf32 bfloat16; do
  check "verbs-$precision" 40 "$program" device --device cuda --check --precision $precision --json
done
check verbs-timed 40 "$program" device --device cuda --check --precision bfloat16 \
  --engines timed --json
export program output model compare limit
export -f trajectory graphs translation steps peers compiled kernels
check trajectory 90 bash -c trajectory
check graphs 80 bash -c graphs
check translation 30 bash -c translation
check peers 200 bash -c 'peers 2 ceiling eager bfloat16'
check steps 120 bash -c steps
check compiled 200 bash -c compiled
benchmark=("$program" benchmark --repeats 20 --device cuda --json)
check single 30 env CYCLEGAN_CUDA_GRAPHS=off \
  "${benchmark[@]}" --case training-step --precision bfloat16
check layers 60 "${benchmark[@]}" --case layers --precision bfloat16 --engines timed
command -v ncu >/dev/null && check kernels 60 bash -c kernels
check float32 60 "${benchmark[@]}" --case training-step --case inference
if command -v compute-sanitizer >/dev/null; then
  check memory 120 compute-sanitizer --error-exitcode 1 "$program" device --device cuda --check
  check memory-step 60 compute-sanitizer --error-exitcode 1 "$program" benchmark --device cuda \
    --precision bfloat16 --case training-step --size 64 --filters 16 --blocks 1 --repeats 1
fi
(cd "$output" && tail -n +1 ./*.log >report.txt)
python3 "$compare" --summarize "$output"/peers.log "$output"/compiled.log | tee "$output/summary.txt"
[ $failures -eq 0 ] || { echo "$failures checks failed; see the logs in $output." >&2; exit 1; }
