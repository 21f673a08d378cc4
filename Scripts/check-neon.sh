#!/usr/bin/env bash
# Compiles the kernels for 64-bit ARM and holds them against their scalar twins under emulation.
# Installs the emulator and the ARM C library first where they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v qemu-aarch64 > /dev/null || [ ! -e /usr/aarch64-linux-gnu/lib/libc.so ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq qemu-user libc6-dev-arm64-cross libgcc-12-dev-arm64-cross
fi

build=$(mktemp -d)
trap 'rm -r "$build"' EXIT
clang --target=aarch64-linux-gnu -O2 -static -fuse-ld=lld -Wall -Werror \
  -isystem /usr/aarch64-linux-gnu/include -L/usr/aarch64-linux-gnu/lib -B/usr/aarch64-linux-gnu/lib \
  -B/usr/lib/gcc-cross/aarch64-linux-gnu/12 -L/usr/lib/gcc-cross/aarch64-linux-gnu/12 \
  -ISources/CKernels/include Sources/CKernels/*.c Sources/CKernels/reference/*.c \
  Sources/CKernels/neon/*.c Scripts/check-kernels.c -lm -o "$build/check"
qemu-aarch64 "$build/check"
