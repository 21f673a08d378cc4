#!/usr/bin/env bash
# Fuzzes both picture decoders under AddressSanitizer, from reading to writing again, and fails on a
# crash, a leak, an input that takes 10 s or one that takes 2 GB.
# Usage: Scripts/fuzz-decoders.sh [SECONDS EACH] [FOLDER OF MORE PICTURES TO START FROM]
# Corpora and findings are kept in .build-fuzz/. A finding is run again by naming it after the
# fuzzer: .build-fuzz/release/FuzzPNG .build-fuzz/png-findings/crash-…
# Time is that of the clock: where the machine stands still at times, TIMEOUT=100 allows for that.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
work=$PWD/.build-fuzz

Scripts/prepare.sh
for fuzzer in FuzzPNG FuzzJPEG; do
  swift build --package-path Tests/Fuzz --scratch-path "$work" -c release --sanitize address \
    -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
    -Xcc -fsanitize=fuzzer-no-link --product "$fuzzer"
done

failed=0
for format in PNG JPEG; do
  seeds=$work/${format,,}-seeds
  corpus=$work/${format,,}-corpus
  findings=$work/${format,,}-findings
  mkdir -p "$seeds" "$corpus" "$findings"
  pattern=$([ $format = PNG ] && echo '*.png' || echo '*.jp*g')
  find Tests/ImagesTests/Goldens ${2:+"$2"} -iname "$pattern" -size -48k -print0 |
    while IFS= read -r -d '' file; do cp "$file" "$seeds/$(echo "$file" | tr / _)"; done
  "$work/release/Fuzz$format" -max_total_time="$seconds" -max_len=65536 -timeout="${TIMEOUT:-10}" \
    -rss_limit_mb=2048 -malloc_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$findings/" \
    "$corpus" "$seeds" || failed=1
done
exit $failed
