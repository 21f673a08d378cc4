#!/usr/bin/env bash
# Holds the prototypes and numbers in Sources/CCUDA against NVIDIA's own headers.
# Usage: Scripts/check-cuda-headers.sh [FOLDER]
# FOLDER is where Python's packages of NVIDIA lie (…/site-packages/nvidia); without one, the headers
# are installed into a temporary environment, some 400 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${1:-}
if [ -z "$folder" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --no-deps nvidia-cuda-runtime nvidia-cuda-crt \
    nvidia-cuda-nvrtc nvidia-cudnn-cu13
  folder=$(echo "$work"/venv/lib/python3*/site-packages/nvidia)
fi
headers=(cuda_driver.h nvrtc_compiler.h cudnn_graph.h)
{
  echo '#include <cuda.h>'
  echo '#include <cudnn.h>'
  echo '#include <nvrtc.h>'
  echo '#define VENDOR_TYPES'
  for header in "${headers[@]}"; do echo "#include \"$header\""; done
  echo '#define CHECK(Result, name, arguments) \'
  echo '  _Static_assert(__builtin_types_compatible_p(__typeof__(name), Result arguments), #name);'
  echo 'CUDA_DRIVER_FUNCTIONS(CHECK) NVRTC_FUNCTIONS(CHECK) CUDNN_GRAPH_FUNCTIONS(CHECK)'
  echo '#define CHECK_PLACE(type, member, place) \'
  echo '  _Static_assert(offsetof(type, member) == place, #type "." #member);'
  echo 'CUDA_PLACES(CHECK_PLACE)'
  for header in "${headers[@]}"; do
    sed -nE 's/^  ((CU|CUDA|CUDNN)_[A-Z0-9_]+) = ([0-9]+),$/_Static_assert(\1 == \3, "\1");/p' \
      "Sources/CCUDA/include/$header"
  done
} > "$work/check.c"
clang -std=c17 -fsyntax-only -ISources/CCUDA/include -I"$folder/cu13/include" \
  -I"$folder/cudnn/include" "$work/check.c"
echo "$(grep -c '_Static_assert(C' "$work/check.c") numbers and" \
  "$(grep -hoE '^  F\(' Sources/CCUDA/include/*.h | wc -l) prototypes are NVIDIA's."
