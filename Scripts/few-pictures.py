#!/usr/bin/env python3
"""Do samples help a classifier that has few pictures?

Takes a few pictures of each class from IDX files, trains a conditional generator on them, and a
classifier twice: on the pictures alone, and on pictures and samples together. Both are tried on
the held-out pictures. Prints a table, a line for each seed. Needs nothing but Python.

    apt-get install dataset-fashion-mnist
    Scripts/few-pictures.py --program .build/release/cyclegan --output /tmp/few
"""

import argparse
import gzip
import json
import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

FASHION = "/usr/share/datasets/fashion-mnist"


def read_idx(path, rank):
    data = gzip.open(path).read()
    extents = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return extents, data[4 + 4 * rank :]


def pictures(folder, part):
    """Pairs of label and rows of bytes."""
    (count, height, width), samples = read_idx(f"{folder}/{part}-images-idx3-ubyte.gz", 3)
    _, labels = read_idx(f"{folder}/{part}-labels-idx1-ubyte.gz", 1)
    size = height * width
    for index in range(count):
        picture = samples[index * size : (index + 1) * size]
        yield labels[index], [picture[y * width : (y + 1) * width] for y in range(height)]


def write_png(path, rows):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def few(source, folder, count, seed):
    """Writes `count` pictures of each class to train, and the held-out ones to test."""
    everything = list(pictures(source, "train"))
    random.Random(seed).shuffle(everything)
    taken = {}
    for label, rows in everything:
        number = taken.get(label, 0)
        if number < count:
            write_png(folder / "train" / str(label) / f"real-{number:04}.png", rows)
            taken[label] = number + 1
    for number, (label, rows) in enumerate(pictures(source, "t10k")):
        write_png(folder / "test" / str(label) / f"{number:05}.png", rows)


def run(options, *words):
    command = [options.program, "gan", *map(str, words), "--threads", str(options.threads)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def score(options, model, data, judge):
    words = ["score", model, data, "--judge", judge, "--judge-steps", options.judge_steps]
    return json.loads(run(options, *words, "--count", 1000, "--json"))


def experiment(options, seed):
    folder = Path(options.output) / f"seed-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    alone, together, model = folder / "alone", folder / "together", folder / "model"
    few(options.source, alone, options.pictures, seed)
    train = ["--family", "conditional", "--network", "convolutional", "--size", 28]
    train += ["--steps", options.steps, "--batch", 50, "--smoothing", 0.1, "--average", 200]
    run(options, "train", alone, "--output", model, "--seed", seed, "--quiet", *train)
    run(options, "sample", model, folder / "samples", "--count", 10 * options.samples, "--quiet")
    shutil.copytree(alone, together)
    for path in (folder / "samples").glob("*/*.png"):
        shutil.copy(path, together / "train" / path.parent.name / f"made-{path.name}")
    without = score(options, model, alone, folder / "alone.safetensors")
    added = score(options, model, together, folder / "together.safetensors")
    return without["judge_accuracy"], added["judge_accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/cyclegan")
    parser.add_argument("--source", default=FASHION, help="a folder of IDX files")
    parser.add_argument("--output", required=True, help="a folder for all that is made")
    parser.add_argument("--pictures", type=int, default=20, help="real pictures of each class")
    parser.add_argument("--samples", type=int, default=100, help="samples of each class")
    parser.add_argument("--steps", type=int, default=1500, help="of the generator")
    parser.add_argument("--judge-steps", type=int, default=600, help="of the classifier")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    print("| seed | real alone | with samples |\n|---|---|---|")
    for seed in options.seeds:
        without, added = experiment(options, seed)
        print(f"| {seed} | {100 * without:.1f} % | {100 * added:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
