#!/usr/bin/env bash
# The one gate: format, then build with warnings as errors, then every test (imports included).
set -euo pipefail
cd "$(dirname "$0")/.."
swift format lint --strict --recursive --parallel Package.swift Sources Tests
exec Scripts/test.sh "$@"
