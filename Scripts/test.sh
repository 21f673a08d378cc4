#!/usr/bin/env bash
# Builds everything and runs every test, in release: the kernels are a hundred times slower without.
# Installs missing system packages first. Arguments go to `swift test`.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/prepare.sh
exec swift test -c release "$@"
