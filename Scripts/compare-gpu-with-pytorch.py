#!/usr/bin/env python3
"""Measures cyclegan on an NVIDIA GPU against PyTorch on the same GPU, taking turns.

    compare-gpu-with-pytorch.py --program cyclegan            training step and inference, 256x256
    compare-gpu-with-pytorch.py --program cyclegan --batches 1 8 --repeats 20 --rounds 3
    compare-gpu-with-pytorch.py --program cyclegan --peers eager bfloat16 --work training-step

The peers are PyTorch as it comes ("eager": float32 tensors, whose convolutions may use TF32), under
autocast to bfloat16 in channels-last order ("bfloat16"), and the same compiled ("compile"). Each
runs the reference's whole training step (Scripts/reference_training.py). Every round runs all of
them once, each in a process of its own, and prints a line of JSON: the median and the least of the
repetitions in milliseconds, and the most memory in MiB. Compiling is not measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Work = Callable[[], object]


def training_step(batch: int, size: int, peer: str) -> Work:
    import torch
    from reference_networks import PatchDiscriminator, ResNetGenerator
    from reference_training import CycleGAN, Options, StepInput

    def network(make: Callable[[], torch.nn.Module]) -> torch.nn.Module:
        made = make().cuda()
        if peer == "eager":
            return made
        made = made.to(memory_format=torch.channels_last)
        return torch.compile(made) if peer == "compile" else made

    networks = {
        "generatorAB": network(ResNetGenerator), "generatorBA": network(ResNetGenerator),
        "discriminatorA": network(PatchDiscriminator), "discriminatorB": network(PatchDiscriminator),
    }  # fmt: skip
    training = CycleGAN(networks, Options(mode="lsgan", pool_size=50))
    layout = torch.contiguous_format if peer == "eager" else torch.channels_last
    real_a, real_b = (
        (torch.rand(batch, 3, size, size, device="cuda") * 2 - 1).to(memory_format=layout)
        for _ in "ab"
    )
    none = torch.zeros(batch, device="cuda")
    given = StepInput(real_a, real_b, [-1] * batch, [-1] * batch, none, none)

    def run() -> object:
        with torch.autocast("cuda", torch.bfloat16, enabled=peer != "eager"):
            return training.step(given)

    return run


def inference(batch: int, size: int, peer: str) -> Work:
    import torch
    from reference_networks import ResNetGenerator

    network = ResNetGenerator().cuda().eval()
    picture = torch.rand(batch, 3, size, size, device="cuda") * 2 - 1
    if peer != "eager":
        network = network.to(memory_format=torch.channels_last)
        picture = picture.to(memory_format=torch.channels_last)
    if peer == "compile":
        network = torch.compile(network)

    def run() -> object:
        with torch.inference_mode(), torch.autocast("cuda", torch.bfloat16, enabled=peer != "eager"):
            return network(picture)

    return run


def measure_peer(peer: str, work: str, batch: int, size: int, repeats: int) -> None:
    import torch

    run = {"training-step": training_step, "inference": inference}[work](batch, size, peer)
    for _ in range(5):
        run()
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        torch.cuda.synchronize()
        times.append(1000 * (time.perf_counter() - start))
    memory = torch.cuda.max_memory_allocated() >> 20
    report(peer, work, batch, statistics.median(times), min(times), memory)


def measure_program(
    program: str, precision: str, work: str, batch: int, size: int, repeats: int
) -> None:
    command = [
        program, "benchmark", "--case", work, "--size", str(size), "--repeats", str(repeats),
        "--batch", str(batch), "--device", "cuda", "--precision", precision, "--json",
    ]  # fmt: skip
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(lines.splitlines()[-1])
    report(
        f"cyclegan {precision}", work, batch, found["median_ms"], found["min_ms"],
        round(found["peak_memory_mb"] * 1e6) >> 20,
    )  # fmt: skip


def report(name: str, work: str, batch: int, median: float, least: float, memory: float) -> None:
    line = {"name": name, "work": work, "batch": batch, "median": round(median, 3),
            "least": round(least, 3), "memory": memory}  # fmt: skip
    print(json.dumps(line), flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--program", help="cyclegan; without it only PyTorch is measured")
    parser.add_argument("--peers", nargs="*", default=["eager", "bfloat16", "compile"])
    parser.add_argument("--precisions", nargs="*", default=["tf32", "bfloat16"])
    parser.add_argument("--work", nargs="*", default=["training-step", "inference"])
    parser.add_argument("--batches", nargs="*", type=int, default=[1, 8])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    size, repeats = arguments.size, arguments.repeats
    if arguments.peer:
        sys.path.insert(0, str(Path(__file__).parent))
        for work in arguments.work:
            for batch in arguments.batches:
                measure_peer(arguments.peer, work, batch, size, repeats)
        return
    for _ in range(arguments.rounds):
        for peer in arguments.peers:
            command = [
                sys.executable, __file__, "--peer", peer, "--work", *arguments.work, "--batches",
                *map(str, arguments.batches), "--size", str(size), "--repeats", str(repeats),
            ]  # fmt: skip
            subprocess.run(command, check=False)
        for precision in arguments.precisions if arguments.program else []:
            for work in arguments.work:
                for batch in arguments.batches:
                    measure_program(arguments.program, precision, work, batch, size, repeats)


if __name__ == "__main__":
    main()
