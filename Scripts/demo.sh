#!/usr/bin/env bash
# The main job from nothing: draws Seasons, trains for about ten minutes, translates the test folder
# with what was trained and with the bundled model, and prints how good both are.
# Installs missing system packages first. Usage: Scripts/demo.sh [FOLDER] [TRAINING TIME]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-demo}
time=${2:-10min}

Scripts/prepare.sh
swift build -c release --product cyclegan
cyclegan=$(swift build -c release --show-bin-path)/cyclegan

if [ ! -e "$folder/seasons/testB" ]; then
  "$cyclegan" dataset seasons "$folder/seasons" --count 500 --test-count 40 --size 128
fi
"$cyclegan" train "$folder/seasons/trainA" "$folder/seasons/trainB" --names summer,winter \
  --preset quick --size 96 --load-size 128 --time "$time" --output "$folder/run" --resume
"$cyclegan" translate "$folder/seasons/testA" "$folder/winter" --model "$folder/run" --overwrite
"$cyclegan" translate "$folder/seasons/testA" "$folder/winter-bundled" \
  --model Models/seasons.safetensors --overwrite

score() {
  "$cyclegan" score "$1" "$folder/seasons/testB" --baseline "$folder/seasons/testA" \
    --domain "$folder/seasons/trainB"
}
echo
echo "Summer to winter, trained for $time just now, against the true winters:"
score "$folder/winter"
echo
echo "The same by the bundled model:"
score "$folder/winter-bundled"
echo
echo "Look at $folder/run/samples/latest.png, $folder/winter/ and $folder/winter-bundled/."
