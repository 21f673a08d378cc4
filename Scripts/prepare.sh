#!/usr/bin/env bash
# Installs what the build needs and this machine lacks: libpng and libjpeg with their headers.
# Sourced or called by the other scripts; safe to call again and again.
set -euo pipefail

if ! command -v swift >/dev/null; then
  echo "Swift was not found. Install Swift 6.2 or newer from https://swift.org/install and put it on the PATH." >&2
  exit 1
fi

missing=()
for package in libpng-dev libjpeg-dev pkg-config; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" ||
    missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
