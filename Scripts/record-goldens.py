#!/usr/bin/env python3
"""Records from PyTorch the numbers that the Swift tests replay.

    python3 -m venv ~/cyclegan-goldens
    ~/cyclegan-goldens/bin/pip install torch==2.13.0 numpy safetensors
    ~/cyclegan-goldens/bin/python Scripts/record-goldens.py

writes Tests/Goldens anew. `--seed` and `--output` choose other numbers and another folder;
`CYCLEGAN_GOLDENS=<folder> swift test` replays those.

Each file holds tensors called `<case>.<what>` (activations [N, H, W, C], weights as PyTorch has
them) and, as JSON under the metadata key `golden`, the seed and a description of each case.
Everything is computed in float64 from float32 numbers and stored as float32; `float32Error` is
what PyTorch itself loses when it computes in float32, relative to the largest magnitude.
Tests/TestSupport/GoldenCases.swift gives the Swift side.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file

from golden_families import record_families
from golden_layers import LAYER_FILES, Recording
from golden_networks import record_networks
from golden_trajectories import CASES, record_trajectory

TRAJECTORIES = {name: [partial(record_trajectory, name=name)] for name in CASES}
FILES = {
    **LAYER_FILES, "networks": [record_networks], **TRAJECTORIES, "families": [record_families],
}  # fmt: skip


def parse_arguments() -> argparse.Namespace:
    default = Path(__file__).resolve().parent.parent / "Tests" / "Goldens"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="of all numbers (default: 1)")
    parser.add_argument("--output", type=Path, default=default, help="folder for the files")
    parser.add_argument("--only", choices=sorted(FILES), nargs="*", help="record these files only")
    return parser.parse_args()


def save(recording: Recording, path: Path) -> None:
    tensors = {
        name: tensor.detach().float().contiguous() for name, tensor in recording.tensors.items()
    }
    description = {"seed": recording.seed, "torch": torch.__version__, "cases": recording.cases}
    save_file(tensors, path, {"golden": json.dumps(description, sort_keys=True)})
    print(f"{path}: {len(recording.cases)} cases, {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.only or FILES:
        recording = Recording(arguments.seed)
        for record in FILES[name]:
            record(recording)
        save(recording, arguments.output / f"{name}.safetensors")


if __name__ == "__main__":
    main()
