#!/usr/bin/env python3
"""Measures cyclegan on an NVIDIA GPU against PyTorch on the same GPU, taking turns.

    compare-gpu-with-pytorch.py --program cyclegan            training step and inference, 256x256
    compare-gpu-with-pytorch.py --program cyclegan --batches 1 8 --repeats 20 --rounds 3
    compare-gpu-with-pytorch.py --program cyclegan --peers eager bfloat16 --work training-step
    compare-gpu-with-pytorch.py --summarize FILE...           ratios of what was printed before

The peers are PyTorch as it comes ("eager": float32 tensors, whose convolutions may use TF32), under
autocast to bfloat16 in channels-last order ("bfloat16"), and the same compiled ("compile"), each
with the engines that cuDNN finds fastest, as the reference has it. Each runs the reference's whole
training step (Scripts/reference_training.py). "ceiling" multiplies two large matrices in bfloat16,
which is what shares of the peak are shares of. The program's own sides are precisions; with ":timed" it
looks for the fastest engines as well (--engines timed). Every round runs all of them once, each in a process
of its own, and prints a line of JSON for each measurement: the median and the least of the
repetitions in milliseconds, and the most memory in MiB. Finding engines and compiling are not
measured. What fails, or finds no time within --limit, gets a line that says so, and the others go
on; the exit status is 1 then.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

Work = Callable[[], object]
Line = dict[str, Any]

DEVICE = "cuda"
"""Where PyTorch computes; a test may say cpu."""


def training_step(batch: int, size: int, peer: str) -> Work:
    import torch
    from reference_networks import PatchDiscriminator, ResNetGenerator
    from reference_training import CycleGAN, Options, StepInput

    def network(make: Callable[[], torch.nn.Module]) -> torch.nn.Module:
        made = make().to(DEVICE)
        if peer == "eager":
            return made
        made = made.to(memory_format=torch.channels_last)
        return torch.compile(made, dynamic=False) if peer == "compile" else made

    networks = {
        "generatorAB": network(ResNetGenerator), "generatorBA": network(ResNetGenerator),
        "discriminatorA": network(PatchDiscriminator), "discriminatorB": network(PatchDiscriminator),
    }  # fmt: skip
    training = CycleGAN(networks, Options(mode="lsgan", pool_size=50))
    layout = torch.contiguous_format if peer == "eager" else torch.channels_last
    real_a, real_b = (
        (torch.rand(batch, 3, size, size, device=DEVICE) * 2 - 1).to(memory_format=layout)
        for _ in "ab"
    )
    none = torch.zeros(batch, device=DEVICE)
    given = StepInput(real_a, real_b, [-1] * batch, [-1] * batch, none, none)

    def run() -> object:
        with torch.autocast(DEVICE, torch.bfloat16, enabled=peer != "eager"):
            return training.step(given)

    return run


def inference(batch: int, size: int, peer: str) -> Work:
    import torch
    from reference_networks import ResNetGenerator

    network = ResNetGenerator().to(DEVICE).eval()
    picture = torch.rand(batch, 3, size, size, device=DEVICE) * 2 - 1
    if peer != "eager":
        network = network.to(memory_format=torch.channels_last)
        picture = picture.to(memory_format=torch.channels_last)
    if peer == "compile":
        network = torch.compile(network, dynamic=False)

    def run() -> object:
        narrow = torch.autocast(DEVICE, torch.bfloat16, enabled=peer != "eager")
        with torch.inference_mode(), narrow:
            return network(picture)

    return run


def measure_peer(peer: str, work: str, batch: int, size: int, repeats: int) -> None:
    import torch

    if peer == "compile":
        # What was compiled before counts against a limit, beyond which nothing is compiled.
        torch._dynamo.reset()
    gc.collect()
    is_gpu = DEVICE == "cuda"
    wait = torch.cuda.synchronize if is_gpu else lambda: None
    if is_gpu:
        torch.cuda.empty_cache()
    run = {"training-step": training_step, "inference": inference}[work](batch, size, peer)
    for _ in range(5):
        run()
    wait()
    if is_gpu:
        torch.cuda.reset_peak_memory_stats()
    # As `cyclegan benchmark` does, short work several times.
    runs = max(1, int(20 / timed(run, wait, 1)))
    times = [timed(run, wait, runs) for _ in range(repeats)]
    memory = torch.cuda.max_memory_allocated() >> 20 if is_gpu else 0
    report(peer, work, batch, median=statistics.median(times), least=min(times), memory=memory)


def timed(run: Work, wait: Work, runs: int) -> float:
    """Milliseconds of one run of several."""
    start = time.perf_counter()
    for _ in range(runs):
        run()
    wait()
    return 1000 * (time.perf_counter() - start) / runs


def measure_ceiling(size: int) -> None:
    """10^9 operations a second of bfloat16 matrices as large as make a GPU fastest."""
    import torch

    a, b = (torch.randn(size, size, device=DEVICE, dtype=torch.bfloat16) for _ in "ab")
    wait = torch.cuda.synchronize if DEVICE == "cuda" else lambda: None
    timed(lambda: a @ b, wait, 3)
    times = [timed(lambda: a @ b, wait, 5) for _ in range(5)]
    median = statistics.median(times)
    report("ceiling", "matrices", 1, median=median, least=min(times),
           gflops=2 * size**3 / median / 1e6)  # fmt: skip


def measure_program(
    arguments: argparse.Namespace, precision: str, work: str, batch: int, deadline: float
) -> None:
    command = [
        arguments.program, "benchmark", "--case", work, "--size", str(arguments.size),
        "--repeats", str(arguments.repeats), "--batch", str(batch), "--json", "--quiet",
    ]  # fmt: skip
    if DEVICE == "cuda":
        exactness, _, engines = precision.partition(":")
        command += ["--device", "cuda", "--precision", exactness]
        command += ["--engines", engines] if engines else []
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=remaining(deadline)
    )
    found = json.loads(done.stdout.splitlines()[-1])
    if done.stderr:
        report(f"cyclegan {precision}", work, batch, problem=done.stderr.strip()[-500:])
    report(
        f"cyclegan {precision}", work, batch, median=found["median_ms"], least=found["min_ms"],
        memory=round(found["peak_memory_mb"] * 1e6) >> 20, gflops=found["gflops"],
    )  # fmt: skip


def report(name: str, work: str, batch: int, **facts: float | str) -> None:
    """Prints a line of JSON."""
    rounded = {key: round(fact, 3) if isinstance(fact, float) else fact
               for key, fact in facts.items()}  # fmt: skip
    print(json.dumps({"name": name, "work": work, "batch": batch, **rounded}), flush=True)


def remaining(deadline: float) -> float:
    """Seconds until then."""
    left = deadline - time.monotonic()
    if left < 1:
        raise TimeoutError("no time was left")
    return left


def attempt(
    name: str, work: str, batch: int, measure: Callable[..., object], *given: object
) -> bool:
    """Whether a measurement comes to an end; else says why it does not."""
    try:
        measure(*given)
    except subprocess.CalledProcessError as problem:
        report(name, work, batch, problem=(problem.stderr or str(problem)).strip()[-500:])
    except Exception as problem:  # Whatever a compiler raises, the others are to go on.
        report(name, work, batch, problem=f"{type(problem).__name__}: {problem}"[-500:])
    else:
        return True
    return False


# What was printed


def summary(files: list[str]) -> Iterator[str]:
    """The lines of files put together: how often as fast, in how much memory, how near the peak."""
    known: dict[tuple[str, int], dict[str, list[Line]]] = {}
    ceiling = 0.0
    for file in files:
        for text in Path(file).read_text(errors="replace").splitlines():
            line = parsed(text)
            if "problem" in line:
                place = f"{line['name']}, {line['work']}, batch {line['batch']}"
                yield f"{place}: {line['problem']}"
            elif line.get("name") == "ceiling":
                ceiling = max(ceiling, line["gflops"])
            elif line:
                place = known.setdefault((line["work"], line["batch"]), {})
                place.setdefault(line["name"], []).append(line | {"file": file})
    if ceiling:
        yield f"bfloat16 matrices: {ceiling / 1000:.0f} TFLOP/s"
    for (work, batch), found in sorted(known.items()):
        yield f"{work}, batch {batch}:"
        for name, lines in found.items():
            words = [f"  {name}: {median_of('median', lines):.2f} ms"]
            words.append(f"{max(line['memory'] for line in lines)} MiB")
            if ceiling and "gflops" in lines[0]:
                words.append(f"{median_of('gflops', lines) / ceiling:.0%} of the peak")
            if name.startswith("cyclegan"):
                words += [f"{ratio(others, lines):.2f}x {peer}" for peer, others in found.items()
                          if not peer.startswith("cyclegan")]  # fmt: skip
            yield ", ".join(words)
    yield from verdicts(known)


def parsed(text: str) -> Line:
    """A measurement's line; nothing of what else PyTorch says, or of a line that was cut off."""
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) and {"name", "work", "batch"} <= line.keys() else {}


TARGETS = [
    ("training-step", 1, ["eager"], 2), ("training-step", 8, ["eager"], 2),
    ("training-step", 1, ["bfloat16", "compile"], 1.3),
    ("training-step", 8, ["bfloat16", "compile"], 1.3),
    ("inference", 1, ["eager"], 3),
]  # fmt: skip
"""How often as fast as the fastest of those peers the fastest of the program's sides is to be."""


def verdicts(known: dict[tuple[str, int], dict[str, list[Line]]]) -> Iterator[str]:
    """What was aimed at, and whether it was reached."""
    for work, batch, peers, least in TARGETS:
        found = known.get((work, batch), {})
        ours = [lines for name, lines in found.items() if name.startswith("cyclegan")]
        theirs = [found[peer] for peer in peers if peer in found]
        place = f"{work}, batch {batch}, {least:g}x {' and '.join(peers)}"
        if not ours or not theirs:
            yield f"NOT MEASURED  {place}"
            continue
        reached = max(min(ratio(other, mine) for other in theirs) for mine in ours)
        word = "NOT REACHED " if reached < least else "REACHED     "
        # One peer is enough to show that a goal is missed.
        if reached >= least and len(theirs) < len(peers):
            word = "NOT MEASURED"
        yield f"{word}  {place}: {reached:.2f}x"
    for (work, batch), found in sorted(known.items()):
        memory = {name: max(line["memory"] for line in lines) for name, lines in found.items()}
        theirs = [most for name, most in memory.items() if not name.startswith("cyclegan")]
        for name, most in memory.items():
            if theirs and name.startswith("cyclegan"):
                word = "REACHED     " if most < min(theirs) else "NOT REACHED "
                yield f"{word}  {work}, batch {batch}, memory of {name}: {most} of {min(theirs)} MiB"


def median_of(fact: str, lines: list[Line]) -> float:
    return statistics.median(line[fact] for line in lines)


def ratio(of: list[Line], to: list[Line]) -> float:
    """Of times: the median over rounds that have both, else of all there is."""
    ratios = [
        a["median"] / b["median"]
        for file in dict.fromkeys(line["file"] for line in of)
        for a, b in zip(*([line for line in lines if line["file"] == file] for lines in (of, to)))
    ]
    return statistics.median(ratios) if ratios else median_of("median", of) / median_of("median", to)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--program", help="cyclegan; without it only PyTorch is measured")
    parser.add_argument("--peers", nargs="*", default=["ceiling", "eager", "bfloat16", "compile"])
    parser.add_argument("--precisions", nargs="*", default=["tf32", "bfloat16", "bfloat16:timed"])
    parser.add_argument("--work", nargs="*", default=["training-step", "inference"])
    parser.add_argument("--batches", nargs="*", type=int, default=[1, 8])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--limit", type=float, default=3600, help="seconds in all")
    parser.add_argument("--summarize", nargs="+", metavar="FILE")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"], help=argparse.SUPPRESS)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    return parser.parse_args()


def as_peer(arguments: argparse.Namespace) -> bool:
    """Measures one of PyTorch's sides, in this process."""
    import torch

    sys.path.insert(0, str(Path(__file__).parent))
    torch.backends.cudnn.benchmark = True
    peer, size = arguments.peer, arguments.size
    if peer == "ceiling":
        return attempt(peer, "matrices", 1, measure_ceiling, 32 * size)
    outcomes = [
        attempt(peer, work, batch, measure_peer, peer, work, batch, size, arguments.repeats)
        for work in arguments.work for batch in arguments.batches
    ]  # fmt: skip
    return all(outcomes)


def one_round(arguments: argparse.Namespace, deadline: float) -> Iterator[bool]:
    """Measures all once, PyTorch and the program in turn."""
    precisions = arguments.precisions if arguments.program else []
    for peer, precision in zip_longest(arguments.peers, precisions):
        if peer:
            yield attempt(peer, "all", 0, run_peer, peer, arguments, deadline)
        for work in arguments.work if precision else []:
            for batch in arguments.batches:
                given = (arguments, precision, work, batch, deadline)
                yield attempt(f"cyclegan {precision}", work, batch, measure_program, *given)


def run_peer(peer: str, arguments: argparse.Namespace, deadline: float) -> None:
    """Measures one of PyTorch's sides in a process of its own, which prints."""
    command = [
        sys.executable, __file__, "--peer", peer, "--work", *arguments.work, "--batches",
        *map(str, arguments.batches), "--size", str(arguments.size),
        "--repeats", str(arguments.repeats), "--device", DEVICE,
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=remaining(deadline))


def main() -> None:
    global DEVICE
    arguments = parse_arguments()
    DEVICE = arguments.device
    if arguments.summarize:
        print(*summary(arguments.summarize), sep="\n")
        return
    if arguments.peer:
        sys.exit(not as_peer(arguments))
    deadline = time.monotonic() + arguments.limit
    outcomes = [
        good for _ in range(arguments.rounds) for good in one_round(arguments, deadline)
    ]  # fmt: skip
    sys.exit(not all(outcomes))


if __name__ == "__main__":
    main()
