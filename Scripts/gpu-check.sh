#!/usr/bin/env bash
# The first ten minutes on an NVIDIA GPU: is everything found, is it right, how fast is it.
# Usage: Scripts/gpu-check.sh [--program FILE] [--output FOLDER] [--seconds N]
# The program may have been built elsewhere and carried here; then nothing of Swift is needed, but
# libjpeg.so.62 and libpng16.so.16 are, and Python with Pillow, and with PyTorch for the peers. Each
# check has a time limit, a log and a line in results.jsonl; without a GPU that can be used there is
# no other check, but else one that fails does not stop those after it, and what finds no time within
# N seconds in all (570) is left out. Exit status 1 if one failed. The output folder gets report.txt:
# all logs, and summary.txt, both after every check. Docs/GPU.md says what is looked at.
set -uo pipefail
program='' output=gpu-check seconds=570
while [ $# -gt 1 ]; do
  case $1 in
    --program) program=$(realpath -e "$2") || exit 1 ;;
    --output) output=$2 ;;
    --seconds) seconds=$2 ;;
    *) break ;;
  esac
  shift 2
done
[[ $# -eq 0 && $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '2,9s/^# //p' "$0" >&2; exit 64; }
mkdir -p "$output" && output=$(realpath "$output") || exit 1
cd "$(dirname "$0")/.." || exit 1
if [ -z "$program" ]; then
  swift build -c release --product cyclegan || exit 1
  program=$PWD/.build/release/cyclegan
fi
model=$PWD/Models/seasons.safetensors
compare=$PWD/Scripts/compare-gpu-with-pytorch.py
# Where the toolkit has the memory checker and the profiler.
PATH=$PATH:/usr/local/cuda/bin
failures=0 limit=0 end=$((SECONDS + seconds)) running=
# Pictures and runs are large, logs are many, and nobody wants to carry them back with the results.
work=$(mktemp -d) && mkdir "$work/logs" || exit 1
# A program that ends itself is to say why, and no more. What it compiles it keeps for the next check.
ulimit -c 0
export SWIFT_BACKTRACE=enable=no PYTHONUNBUFFERED=1 XDG_CACHE_HOME=${XDG_CACHE_HOME:-$work/cache}

# report: what was found so far, in few files.
report() {
  local log logs=()
  for log in "$work"/logs/{peers,compiled}.log; do [ ! -e "$log" ] || logs+=("$log"); done
  {
    [ ${#logs[@]} -eq 0 ] || python3 "$compare" --summarize "${logs[@]}"
    cat "$output/results.jsonl"
    cat "$work"/logs/{trajectory,whole,translation}.log 2>/dev/null
    (cd "$work/logs" && tail -n 1 steps.log memory.log memory-step.log 2>/dev/null)
  } >"$output/summary.txt"
  (cd "$work/logs" && tail -n +1 ./*.log) >"$output/report.txt" 2>/dev/null
}

# finish: called however this script ends.
finish() {
  [ -z "$running" ] || kill "$running" 2>/dev/null
  report
  cat "$output/summary.txt"
  [ -z "$running" ] || wait "$running" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# check NAME SECONDS COMMAND...: runs a command with a time limit and records how it went.
check() {
  local name=$1 status=124 start=$SECONDS i
  limit=$2
  shift 2
  [ "$limit" -le $((end - SECONDS)) ] || limit=$((end - SECONDS))
  if [ "$limit" -gt 5 ]; then
    # Beside this script, which could not be ended while it waits for something before it.
    timeout -k 5 "$limit" "$@" >"$work/logs/$name.log" 2>&1 &
    running=$!
    wait "$running"
    status=$?
    # A training that is ended saves first, after what called it has ended: nothing is timed beside it.
    for ((i = 0; i < 50; i++)); do
      kill -0 -- "-$running" 2>/dev/null || break
      sleep 0.2
    done
    kill -KILL -- "-$running" 2>/dev/null
    running=
  else
    echo "No time was left." >"$work/logs/$name.log"
  fi
  [ $status -eq 0 ] || failures=$((failures + 1))
  printf '{"check":"%s","status":%d,"seconds":%d}\n' "$name" $status $((SECONDS - start)) |
    tee -a "$output/results.jsonl"
  report
  return $status
}

# checked NAME SECONDS COMMAND...: the same of a command that may not be installed.
checked() {
  if command -v "$3" >/dev/null; then check "$@"; else
    echo "{\"check\":\"$1\",\"problem\":\"$3 is not installed\"}" | tee -a "$output/results.jsonl"
  fi
}

# train NAME DEVICE PRESET STEPS [OPTION...]: a short training on the pictures in data.
train() {
  local name=$1 device=$2 preset=$3 steps=$4
  shift 4
  "$program" train data/trainA data/trainB --output "$name" --preset "$preset" --steps "$steps" \
    --average 0 --device "$device" --quiet "$@"
}

# alike RUN RUN TOLERANCE: are the losses of the two as near as that? A report has their means over
# all steps.
alike() {
  python3 -c '
import json, sys

def losses(run):
    lines = map(json.loads, open(f"{run}/log.jsonl"))
    return [line["losses"] for line in lines if line["event"] == "report"][-1]

first, second, allowed = sys.argv[1:]
a, b = losses(first), losses(second)
apart = [abs(a[name] - b[name]) / max(abs(a[name]), 1e-2) for name in a]
print(f"{second}: the losses differ by {max(apart):.2e} at most; {allowed} is allowed")
sys.exit(not all(one <= float(allowed) for one in apart))' "$@"
}

# The same short trainings on the processor and on the GPU, side by side. A training multiplies what
# it is off by: on the processor alone, a learning rate changed by a millionth changes the losses of
# two steps of this training by 1e-6, of three by 5e-5, of five by 4e-3 and of ten by 1e-2.
trajectory() {
  cd "$work" || return 1
  "$program" dataset seasons data --count 8 --test-count 2 --size 64 --quiet || return 1
  local device steps failed=0 allowed=([1]=1e-4 [2]=1e-4 [3]=1e-3 [10]=5e-2)
  for steps in 1 2 3 10; do
    for device in cpu cuda; do train run-$device-$steps $device quick $steps || return 1; done
    alike run-cpu-$steps run-cuda-$steps ${allowed[steps]} || failed=1
  done
  return $failed
}

# The same of the whole networks at 256x256, whose norms are in clusters, add residuals, and write and
# fold borders. The first step's losses tell of the way there, the second's of the gradients as well:
# on the processor alone, a learning rate changed by a millionth changes these by 1e-6; with the
# stand-in for a GPU they were 1.2e-2 off in tf32 and 3.9e-2 in bfloat16.
whole() {
  cd "$work" || return 1
  local precision steps run failed=0
  local -A allowed=([float32-1]=1e-4 [float32-2]=1e-3 [tf32-1]=2e-2 [tf32-2]=5e-2
    [bfloat16-1]=5e-2 [bfloat16-2]=1e-1)
  for steps in 1 2; do
    train whole-cpu-$steps cpu reference $steps || return 1
    for precision in float32 tf32 bfloat16; do
      run=$precision-$steps
      train whole-$run cuda reference $steps --precision $precision || { failed=1; continue; }
      alike whole-cpu-$steps whole-$run ${allowed[$run]} || failed=1
      # What a training leaves is 430 MB.
      rm -f whole-$run/*.safetensors
    done
  done
  return $failed
}

# Graphs must compute the same bits as single launches: the last training again, and steps of the whole
# networks, whose directions are branches, on tensor cores.
graphs() {
  cd "$work" || return 1
  CYCLEGAN_CUDA_GRAPHS=off train run-single cuda quick 10 || return 1
  local precision use notes=notes-graphs
  : >$notes
  for precision in tf32 bfloat16; do
    for use in on off; do
      CYCLEGAN_CUDA_GRAPHS=$use train run-$use-$precision cuda reference 5 \
        --precision $precision 2>>$notes || { cat $notes; return 1; }
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
  cd "$work" || return 1
  "$program" dataset seasons summer --count 1 --test-count 2 --quiet || return 1
  local device
  for device in cpu cuda; do
    "$program" translate summer/testA out-$device --model "$model" --device $device --quiet ||
      return 1
  done
  python3 - <<'PYTHON'
import sys
from pathlib import Path

from PIL import Image, ImageChops

pictures = sorted(Path("out-cpu").glob("*.png"))
failed = not pictures
for picture in pictures:
    a, b = (Image.open(Path(folder) / picture.name) for folder in ("out-cpu", "out-cuda"))
    if (a.mode, a.size) != (b.mode, b.size):
        sys.exit(f"{picture.name}: {a.mode} {a.size} and {b.mode} {b.size}")
    difference = ImageChops.difference(a.convert("RGB"), b.convert("RGB"))
    levels = max(most for _, most in difference.getextrema())
    print(f"{picture.name}, {a.width}x{a.height}: {levels} levels of 255 apart at most; 1 is allowed")
    failed = failed or levels > 1
sys.exit(failed)
PYTHON
}

# A long training on tensor cores, which ends where a loss is no number.
steps() {
  cd "$work" || return 1
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
  local csv=$work/kernels.csv
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
rm -f "$output"/{report,summary}.txt
check system 10 nvidia-smi
check device 60 "$program" device --device cuda || {
  cat "$work/logs/device.log" >&2
  echo "No other check was made: the program does not start, or finds no GPU that it can use." >&2
  exit 1
}
for precision in float32 tf32 bfloat16; do
  check "verbs-$precision" 40 "$program" device --device cuda --check --precision $precision --json
done
check verbs-timed 40 "$program" device --device cuda --check --precision bfloat16 \
  --engines timed --json
export program work model compare limit
export -f train alike trajectory whole graphs translation steps peers compiled kernels
check trajectory 90 bash -c trajectory
check whole 90 bash -c whole
check graphs 80 bash -c graphs
check translation 30 bash -c translation
check peers 170 bash -c "peers 1 ceiling eager bfloat16"
check steps 120 bash -c steps
check compiled 240 bash -c compiled
# What the checker has to say of calls that look for functions of a newer driver is no error.
checker=(compute-sanitizer --report-api-errors no --error-exitcode 99 "$program")
# Steps first: only they have norms and borders in bfloat16.
checked memory-step 60 "${checker[@]}" benchmark --device cuda \
  --precision bfloat16 --case training-step --size 64 --filters 16 --blocks 1 --repeats 1
checked memory 90 "${checker[@]}" device --device cuda --check
benchmark=("$program" benchmark --repeats 20 --device cuda --json)
check single 30 env CYCLEGAN_CUDA_GRAPHS=off \
  "${benchmark[@]}" --case training-step --precision bfloat16
check layers 60 "${benchmark[@]}" --case layers --precision bfloat16 --engines timed
command -v ncu >/dev/null && check kernels 60 bash -c kernels
check float32 60 "${benchmark[@]}" --case training-step --case inference
[ $failures -eq 0 ] || { echo "$failures checks failed; see $output/report.txt." >&2; exit 1; }
