#!/usr/bin/env bash
# Gives everything that reads files but pictures (models, states, options, recipes, records, labels,
# IDX files, what FFmpeg says) many more seeded mutations than the tests do; a trap ends it, and the
# last number printed tells which mutation it was. Pictures have Scripts/fuzz-decoders.sh.
# Usage: Scripts/fuzz-files.sh [TIMES AS MANY AS IN THE TESTS]
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/prepare.sh
swift build --build-tests -c release -Xswiftc -enable-testing
CYCLEGAN_MUTATIONS=${1:-100} swift test -c release --skip-build --no-parallel --filter Hostile
