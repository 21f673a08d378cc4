#!/usr/bin/env python3
"""Does augmentation help where there are few pictures?

Draws a hundred scenes of each season, trains on them with each kind of augmentation and with none,
for the same steps from the same seeds, and scores translations of test scenes against the truth.
Prints a table: a line for each kind, PSNR and SSIM in the mean of both directions for each seed, and
the mean. Needs nothing but Python.

    Scripts/few-scenes.py --program .build/release/cyclegan --output /tmp/few-scenes
"""

import argparse
import json
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KINDS = {
    "none": [],
    "`--augment light`": ["--augment", "light"],
    "`--diff-augment`": ["--diff-augment"],
    "`--adaptive-augment`": ["--adaptive-augment"],
}


def run(options, *words):
    command = [options.program, *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def score(options, scenes, folder):
    """PSNR and SSIM, means of both directions."""
    results = []
    for season, source, truth in [("winter", "testA", "testB"), ("summer", "testB", "testA")]:
        words = ["--model", folder / "model.safetensors", "--to", season, "--quiet", "--overwrite"]
        run(options, "translate", scenes / source, folder / season, *words)
        report = json.loads(run(options, "score", folder / season, scenes / truth, "--json"))
        results.append(report["scores"][0])
    return [statistics.mean(result[key] for result in results) for key in ("psnr", "ssim")]


def train(options, scenes, kind, seed):
    """Trains, takes up what an earlier call left, and gives the scores."""
    folder = Path(options.output) / f"{kind.strip('`-').replace(' ', '-')}-{seed}"
    words = [scenes / "trainA", scenes / "trainB", "--names", "summer,winter", "--preset", "quick"]
    words += ["--steps", options.steps, "--seed", seed, "--threads", 1, "--quiet"]
    run(options, "train", *words, "--output", folder, "--resume", *KINDS[kind])
    return score(options, scenes, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/cyclegan")
    parser.add_argument("--output", required=True, help="a folder for all that is made")
    parser.add_argument("--scenes", type=int, default=100, help="training pictures of each season")
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--runs", type=int, default=2, help="at once, a thread each")
    options = parser.parse_args()
    scenes = Path(options.output) / "scenes"
    if not scenes.exists():
        counts = ["--count", options.scenes, "--test-count", 100]
        run(options, "dataset", "seasons", scenes, *counts, "--size", 64, "--quiet")

    jobs = [(kind, seed) for seed in options.seeds for kind in KINDS]
    with ThreadPoolExecutor(options.runs) as pool:
        scores = dict(zip(jobs, pool.map(lambda job: train(options, scenes, *job), jobs)))
    print("| augmentation | " + " | ".join(f"seed {seed}" for seed in options.seeds) + " | mean |")
    print("|---" * (len(options.seeds) + 2) + "|")
    for kind in KINDS:
        results = [scores[kind, seed] for seed in options.seeds]
        results.append([statistics.mean(column) for column in zip(*results)])
        cells = [f"{psnr:.2f} dB, {ssim:.3f}" for psnr, ssim in results]
        print(f"| {kind} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
