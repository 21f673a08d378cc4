#!/usr/bin/env python3
"""Measures `cyclegan translate` against the same folder job written with PyTorch and Pillow.

    compare-folder-with-pytorch.py                         a full-size model, 64 JPEGs of 256×256
    compare-folder-with-pytorch.py --smoke                 a tiny one, to see that all of it works
    compare-folder-with-pytorch.py --model FILE --pictures FOLDER    your own
    compare-folder-with-pytorch.py --rounds 9 --threads 2 --batch 4
    compare-folder-with-pytorch.py --instruction-set avx2            both sides on AVX2

Both sides take turns, in alternating order; a ratio is the median of the rounds' ratios. Times are
of whole processes, from start to end. The other side decodes and encodes on threads of its own
while PyTorch computes, in channels-last order and without gradients. In each round the generator is
also measured alone, by `cyclegan benchmark`: the folder's rate is held against that. Also said: for
how long computing waited for files, and by how many grey levels the two sides' pictures differ.
Set up as Scripts/record-goldens.py says, with pillow in addition. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

try:
    import numpy as np
    import torch
    from PIL import Image
    from safetensors import safe_open
except ImportError as error:
    sys.exit(
        f"{error}. Install what this script needs, best into a virtual environment:\n"
        "  pip install torch==2.13.0 numpy safetensors 'pillow<13'"
    )

from compare_environment import peer_settings
from reference_networks import ResNetGenerator, UNetGenerator

ROOT = Path(__file__).resolve().parent.parent
FORMATS = {".png", ".jpg", ".jpeg"}
QUALITY = 90
AHEAD = 4
"""Pictures decoded before, and encoded after, the one that is computed."""


def draw(folder: Path, count: int, side: int) -> None:
    """JPEG pictures of coarse and fine noise: about as hard to compress as photographs."""
    random = np.random.default_rng(1)
    for index in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC), dtype=np.int16)
        noisy = smooth + random.integers(-12, 13, (side, side, 1))
        picture = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
        picture.save(folder / f"{index:04}.jpg", quality=QUALITY)


def make_model(program: Path, work: Path, smoke: bool) -> Path:
    """A model that has hardly been trained: its pictures cost what others cost."""
    drawn = work / "drawn"
    network = ["--generator", "resnet1", "--filters", "4"] if smoke else ["--preset", "reference"]
    for arguments in (
        ["dataset", "seasons", drawn, "--count", "2", "--test-count", "1", "--size", "64"],
        ["train", drawn / "trainA", drawn / "trainB", "--output", work / "run", "--steps", "1",
         "--size", "64", "--load-size", "64", *network],
    ):  # fmt: skip
        subprocess.run([program, *arguments, "--quiet"], check=True, capture_output=True)
    return work / "run/model.safetensors"


def describe(path: Path) -> dict:
    """What a model says of its generators."""
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["cyclegan"])["generator"]


def load(path: Path) -> tuple[torch.nn.Module, int]:
    """The generator from A to B, and what sizes must be multiples of."""
    description = describe(path)
    with safe_open(path, "pt") as file:
        prefix = "generatorAB."
        state = {
            name.removeprefix(prefix): file.get_tensor(name).float()
            for name in file.keys()
            if name.startswith(prefix)
        }
    kinds = {"resnet": ResNetGenerator, "unet": UNetGenerator}
    network = kinds[description["kind"]](
        description["inputChannels"], description["outputChannels"], description["filters"],
        description["blocks"], description["dropout"],
    )  # fmt: skip
    network.load_state_dict(state, strict=True)
    multiple = 4 if description["kind"] == "resnet" else 2 ** description["blocks"]
    return network.eval().to(memory_format=torch.channels_last), multiple


def decode(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def encode(levels: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels).save(path, quality=QUALITY)


def compute(network: torch.nn.Module, picture: np.ndarray, multiple: int) -> np.ndarray:
    height, width, _ = picture.shape
    margins = [(0, -extent % multiple) for extent in (height, width)]
    padded = np.pad(picture, [*margins, (0, 0)], "reflect")
    x = torch.from_numpy(padded).permute(2, 0, 1)[None].float() / 127.5 - 1
    y = network(x.contiguous(memory_format=torch.channels_last))
    levels = ((y[0].permute(1, 2, 0)[:height, :width] + 1) * 127.5).round().clamp(0, 255)
    return levels.to(torch.uint8).numpy()


def translate_with_pytorch(model: Path, inputs: Path, outputs: Path, threads: int) -> None:
    """The other side's job, as a process of its own."""
    torch.set_num_threads(threads)
    network, multiple = load(model)
    names = sorted(p.relative_to(inputs) for p in inputs.rglob("*") if p.suffix.lower() in FORMATS)
    decoding: list[Future[np.ndarray]] = []
    writing: list[Future[None]] = []
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as helpers, torch.inference_mode():
        for index, name in enumerate(names):
            for later in names[index + len(decoding) : index + AHEAD]:
                decoding.append(helpers.submit(decode, inputs / later))
            levels = compute(network, decoding.pop(0).result(), multiple)
            writing.append(helpers.submit(encode, levels, outputs / name))
            if len(writing) > AHEAD:
                writing.pop(0).result()
        for future in writing:
            future.result()
    print(time.perf_counter() - start)


def timed(command: list[str | Path], environment: dict[str, str]) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return seconds, done.stdout


def difference(first: Path, second: Path) -> float:
    """Mean difference of all pictures, in grey levels."""
    means = []
    for path in sorted(p for p in first.rglob("*") if p.suffix.lower() in FORMATS):
        apart = decode(path).astype(int) - decode(second / path.relative_to(first))
        means.append(np.abs(apart).mean())
    return float(np.mean(means))


def instruction_set(arguments: argparse.Namespace) -> list[str]:
    return [] if arguments.instruction_set == "native" else ["--instruction-set", "avx2"]


def generator_seconds(arguments: argparse.Namespace, generator: dict) -> float:
    """The generator alone, for a picture of the drawn ones' size."""
    command = [
        arguments.program, "benchmark", "--case", "inference", "--json", "--quiet",
        "--size", str(arguments.side), "--filters", str(generator["filters"]),
        "--blocks", str(generator["blocks"]), "--upsampling", generator["upsampling"],
        "--threads", str(arguments.threads), "--repeats", "9", *instruction_set(arguments),
    ]  # fmt: skip
    return json.loads(timed(command, dict(os.environ))[1])["median_ms"] / 1000


def measure(arguments: argparse.Namespace, work: Path) -> None:
    model = arguments.model or make_model(arguments.program, work, arguments.smoke)
    generator = describe(model)
    inputs = arguments.pictures or work / "in"
    if not arguments.pictures:
        inputs.mkdir()
        draw(inputs, arguments.count, arguments.side)
    count = sum(1 for p in inputs.rglob("*") if p.suffix.lower() in FORMATS)
    threads = str(arguments.threads)
    environment = peer_settings(arguments.instruction_set, arguments.threads, work)
    ours = [
        arguments.program, "translate", inputs, work / "ours", "--model", model,
        "--quality", str(QUALITY), "--threads", threads, "--batch", str(arguments.batch),
        "--overwrite", "--quiet", "--json", *instruction_set(arguments),
    ]  # fmt: skip
    theirs = [
        sys.executable, __file__, "--model", model, "--pictures", inputs, "--threads", threads,
        "--peer", work / "theirs",
    ]  # fmt: skip
    # The benchmark knows one size and one kind of generator.
    measures_generator = not arguments.pictures and generator["kind"] == "resnet"
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    alone, waits, started_ratios = [], [], []
    for number in range(arguments.rounds):
        sides = [("ours", ours), ("theirs", theirs)]
        outputs = {}
        for side, command in sides if number % 2 == 0 else reversed(sides):
            seconds, outputs[side] = timed(command, environment)
            times[side].append(seconds)
            if side == "ours" and measures_generator:
                alone.append(generator_seconds(arguments, generator))
        report = json.loads(outputs["ours"])
        waits.append(report["seconds"] - report["computing_seconds"])
        started_ratios.append(float(outputs["theirs"]) / report["seconds"])
    for side, name in (("ours", "cyclegan"), ("theirs", f"PyTorch {torch.__version__} + Pillow")):
        seconds = statistics.median(times[side])
        print(f"{name}: {seconds:.2f} s, {count / seconds:.2f} pictures/s")
    ratios = [b / a for a, b in zip(times["ours"], times["theirs"], strict=True)]
    print(f"ratio: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"ratio once both have started: {statistics.median(started_ratios):.2f}")
    if alone:
        shares = [count * a / b for a, b in zip(alone, times["ours"], strict=True)]
        print(
            f"generator alone: {1 / statistics.median(alone):.2f} pictures/s; the folder reaches"
            f" {statistics.median(shares):.1%} of that ({min(shares):.1%} to {max(shares):.1%})"
        )
    print(f"computing waited {statistics.median(waits):.2f} s for files")
    print(f"mean difference: {difference(work / 'ours', work / 'theirs'):.3f} grey levels")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="a model file (default: a full-size one)")
    parser.add_argument("--pictures", type=Path, help="folder of pictures (default: drawn ones)")
    parser.add_argument("--count", type=int, default=64, help="pictures drawn (default: 64)")
    parser.add_argument("--side", type=int, default=256, help="their side (default: 256)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--threads", type=int, default=2, help="of both sides (default: 2)")
    parser.add_argument("--batch", type=int, default=1, help="of cyclegan (default: 1)")
    parser.add_argument("--instruction-set", choices=["native", "avx2"], default="native",
                        help="of both sides (default: native)")  # fmt: skip
    parser.add_argument(
        "--program", type=Path, default=ROOT / ".build/release/cyclegan",
        help="cyclegan (default: as built in release)",
    )  # fmt: skip
    parser.add_argument("--smoke", action="store_true", help="a tiny model, few pictures")
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.smoke:
        arguments.count, arguments.side, arguments.rounds = 4, 64, 2
    if arguments.peer:
        translate_with_pytorch(
            arguments.model, arguments.pictures, arguments.peer, arguments.threads
        )
        return
    if not arguments.program.exists():
        sys.exit(f"There is no {arguments.program}. Build it: swift build -c release")
    with tempfile.TemporaryDirectory(prefix="cyclegan-compare-") as work:
        measure(arguments, Path(work))


if __name__ == "__main__":
    main()
