"""The rows of the comparison: what is measured, and what is to be reached."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from compare_contestants import (
    HERE, Contestant, Peer, PeerFailure, Program, Series, Setup, WholeProcess, Work, compete,
    median_of_ratios, run_process,
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What a row is to reach: a ratio as high, or an amount as low as this."""

    at_least: float
    aim: float
    unit: str  # "×" for ratios; else that of an amount

    @property
    def is_ratio(self) -> bool:
        return self.unit == "×"

    def verdict(self, value: float) -> str:
        sign = 1 if self.is_ratio else -1
        reached = [sign * value >= sign * bound for bound in (self.at_least, self.aim)]
        return "aim" if reached[1] else "yes" if reached[0] else "no"


@dataclass
class Outcome:
    """What a row gave."""

    value: float
    series: list[Series] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    title: str
    target: Target
    measure: Callable[[Setup, int], Outcome]


def against(work: Work, engines: list[str], repeats: int) -> Callable[[Setup, int], Outcome]:
    """The program against the best of some peers, all in the same rounds."""

    def measure(setup: Setup, rounds: int) -> Outcome:
        peers: list[Contestant] = []
        notes = []
        for engine in engines:
            try:
                peers.append(Peer(setup, work, engine))
            except PeerFailure as failure:
                notes.append(f"left out: {failure}")
        if not peers:
            raise PeerFailure("; ".join(notes))
        *others, own = compete([*peers, Program(setup, work)], rounds, repeats)
        best = min(others, key=lambda series: series.median)
        if len(others) > 1:
            notes.append(f"the better is {best.name}")
        return Outcome(median_of_ratios(best, own), [*others, own], notes)

    return measure


def scaling(work: Work, repeats: int) -> Callable[[Setup, int], Outcome]:
    """The program on one thread against itself on two."""

    def measure(setup: Setup, rounds: int) -> Outcome:
        one, two = compete([Program(setup, work, 1), Program(setup, work, 2)], rounds, repeats)
        one.name, two.name = "one thread", "two threads"
        return Outcome(median_of_ratios(one, two), [one, two])

    return measure


def peak_memory(work: Work) -> Callable[[Setup, int], Outcome]:
    """The most resident memory of a fresh process that does the work a few times."""

    def measure(setup: Setup, _: int) -> Outcome:
        arguments = ["--engine", "eager", *work.arguments()]
        commands = {
            "PyTorch": setup.peer_command(work.name, *arguments),
            "cyclegan": setup.program_command(work, 1, setup.threads),
        }
        peaks = {
            name: run_process(command, setup.peer_settings).peak_mib
            for name, command in commands.items()
        }
        series = [Series(name, [peak], peak, {}) for name, peak in peaks.items()]
        return Outcome(peaks["cyclegan"], series)

    return measure


def first_picture(work: Work) -> Callable[[Setup, int], Outcome]:
    """From the start of a process to its end, with a translated picture written."""

    def measure(setup: Setup, rounds: int) -> Outcome:
        with drawn_picture(setup, work.size) as picture:
            folder = picture.parent
            model, output = folder / "model.safetensors", folder / "translated.png"
            script = [setup.python, HERE / "check-with-pytorch.py", "--write-random", model]
            script += ["--filters", work.filters, "--blocks", work.blocks]
            run_process([str(word) for word in script], setup.peer_settings)
            files = ["--model", model, "--picture", picture, "--output", output]
            peer = setup.peer_command("first-picture", *files, *work.arguments())
            own = [setup.program, "translate", picture, output, "--model", model, "--overwrite"]
            own += ["--threads", setup.threads, "--quiet", *setup.instruction_set_option()]
            contestants = [
                WholeProcess("PyTorch", peer, setup.peer_settings),
                WholeProcess("cyclegan", [str(word) for word in own], setup.peer_settings),
            ]
            series = compete(contestants, rounds, 1)
        return Outcome(series[1].median / 1000, series)

    return measure


def loader(size: int, repeats: int) -> Callable[[Setup, int], Outcome]:
    """Pictures on their way into a training, on one thread."""

    def measure(setup: Setup, rounds: int) -> Outcome:
        with drawn_picture(setup, size) as picture:
            jpeg = picture.with_suffix(".jpg")
            command = setup.peer_command("jpeg", "--picture", picture, "--output", jpeg)
            run_process(command, setup.peer_settings)
            work = Work("loader", size, picture=jpeg)
            return against(work, ["eager"], repeats)(replace(setup, threads=1), rounds)

    return measure


@contextmanager
def drawn_picture(setup: Setup, size: int) -> Iterator[Path]:
    """A landscape in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [setup.program, "dataset", "seasons", f"{folder}/seasons", "--size", size]
        command += ["--count", 0, "--test-count", 1, "--quiet"]
        run_process([str(word) for word in command], setup.peer_settings)
        drawn = next(Path(folder, "seasons", "testA").iterdir())
        yield drawn.rename(Path(folder, "picture" + drawn.suffix))


def network_work(smoke: bool, name: str, size: int, filters: int = 64, blocks: int = 9) -> Work:
    """With `smoke`, of networks so small that only failures can be learnt from them."""
    return Work(name, 32, 8, 1) if smoke else Work(name, size, filters, blocks)


def reference_step(smoke: bool = False) -> Work:
    """The training step of the reference's defaults."""
    return network_work(smoke, "training-step", 256)


def rows(smoke: bool = False) -> list[Row]:
    """All rows of the table."""

    def inference(size: int) -> Work:
        return network_work(smoke, "inference", size)

    def step(size: int, filters: int = 64, blocks: int = 9) -> Work:
        return network_work(smoke, "training-step", size, filters, blocks)

    def row(
        name: str, title: str, at_least: float, aim: float,
        measure: Callable[[Setup, int], Outcome], unit: str = "×",
    ) -> Row:  # fmt: skip
        return Row(name, title, Target(at_least, aim, unit), measure)

    eager, optimized = ["eager"], ["compile", "openvino"]
    return [
        row("inference-256", "generator inference 256², against PyTorch eager",
            3.0, 3.5, against(inference(256), eager, 3)),
        row("inference-256-best", "… against the better of torch.compile and OpenVINO",
            2.3, 2.7, against(inference(256), optimized, 3)),
        row("inference-128", "generator inference 128², against PyTorch eager",
            3.0, 3.5, against(inference(128), eager, 5)),
        row("inference-512", "generator inference 512², against PyTorch eager",
            3.0, 3.5, against(inference(512), eager, 1)),
        row("step-256", "training step 256², batch 1, against PyTorch eager",
            2.8, 3.5, against(step(256), eager, 1)),
        row("step-128", "training step 128², batch 1, against PyTorch eager",
            2.5, 3.2, against(step(128), eager, 2)),
        row("small-16", "training step 64², 6 blocks, 16 filters",
            4.0, 5.0, against(step(64, 16, 6), eager, 15)),
        row("small-32", "training step 64², 6 blocks, 32 filters",
            2.7, 3.5, against(step(64, 32, 6), eager, 8)),
        row("dcgan-step", "training step of DCGAN, 64², batch 64, against PyTorch eager",
            1.5, 2.5, against(Work("dcgan-step", 64, 8 if smoke else 64), eager, 2)),
        row("memory-inference", "peak memory of inference at 256²",
            340, 240, peak_memory(inference(256)), "MiB"),
        row("memory-step", "peak memory of training at 256²",
            1.1 * 1024, 0.8 * 1024, peak_memory(step(256)), "MiB"),
        row("first-picture", "process start to first translated 256² picture written",
            0.6, 0.45, first_picture(inference(256)), "s"),
        row("scaling-inference", "from one thread to two, inference 256²",
            1.85, 1.95, scaling(inference(256), 3)),
        row("scaling-step", "from one thread to two, training step 256²",
            1.85, 1.95, scaling(step(256), 1)),
        row("loader", "loader: JPEG 256², bicubic 286, crop, flip, one thread, against Pillow",
            1.5, 2.5, loader(32 if smoke else 256, 5)),
    ]  # fmt: skip
