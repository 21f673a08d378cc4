"""The processes that compete: a peer that answers requests, and the program itself."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Work:
    """What is computed: the peer's and the program's word for it, on which networks."""

    name: str
    size: int
    filters: int = 64
    blocks: int = 9
    picture: Path | None = None

    def arguments(self) -> list[str]:
        sizes = {"--size": self.size, "--filters": self.filters, "--blocks": self.blocks}
        words = [str(word) for option in sizes.items() for word in option]
        return words + (["--picture", str(self.picture)] if self.picture else [])


@dataclass
class Setup:
    """What all processes of a comparison share."""

    program: Path
    python: Path
    peer_settings: dict[str, str]
    instruction_set: str
    threads: int

    def program_command(self, work: Work, repeats: int, threads: int) -> list[str]:
        command = [str(self.program), "benchmark", "--device", "cpu", "--json", "--quiet"]
        command += ["--case", work.name, *work.arguments(), "--threads", str(threads), "--repeats", str(repeats)]
        return command + self.instruction_set_option()

    def instruction_set_option(self) -> list[str]:
        if self.instruction_set == "native":
            return []
        return ["--instruction-set", self.instruction_set]

    def peer_command(self, work: str, *arguments: object) -> list[str]:
        words = [self.python, HERE / "compare_peer.py", work, "--threads", self.threads]
        return [str(word) for word in [*words, *arguments]]


@dataclass(frozen=True)
class Times:
    """Milliseconds of a few repetitions."""

    median: float
    least: float

    @staticmethod
    def of(milliseconds: list[float]) -> Times:
        return Times(statistics.median(milliseconds), min(milliseconds))


class Contestant(Protocol):
    """Runs some work when it is told to."""

    name: str
    about: dict[str, Any]

    def times(self, repeats: int) -> Times: ...

    def close(self) -> None: ...


class PeerFailure(Exception):
    """A peer that cannot take part, and why."""


class AnsweringProcess:
    """A process that is ready and waits while others run.

    It writes a line of JSON about itself, then one for each line that it is sent.
    """

    def __init__(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.errors, text=True,
        )  # fmt: skip
        self.about = self.read()

    def answer(self, request: object) -> Any:
        print(request, file=self.process.stdin, flush=True)
        return self.read()

    def read(self) -> Any:
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        self.process.wait()
        self.errors.seek(0)
        last = (self.errors.read().strip().splitlines() or ["no word"])[-1]
        raise PeerFailure(f"{self.name} ended with {self.process.returncode}: {last}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Peer(AnsweringProcess):
    """An engine with some work."""

    def __init__(self, setup: Setup, work: Work, engine: str) -> None:
        pillow = work.name == "loader"
        name = {"eager": "Pillow" if pillow else "PyTorch", "compile": "torch.compile",
                "openvino": "OpenVINO"}[engine]  # fmt: skip
        command = setup.peer_command(work.name, "--engine", engine, *work.arguments())
        super().__init__(name, command, setup.peer_settings)
        capability = self.about.get("capability")
        if setup.instruction_set == "avx2" and capability not in (None, "AVX2"):
            self.close()
            raise PeerFailure(f"PyTorch uses {capability} where AVX2 was asked for.")

    def times(self, repeats: int) -> Times:
        return Times.of(self.answer(repeats))


class Program:
    """`cyclegan benchmark`, a fresh process each time, which does not count its first run."""

    name = "cyclegan"

    def __init__(self, setup: Setup, work: Work, threads: int | None = None) -> None:
        self.setup, self.work = setup, work
        self.threads = threads or setup.threads
        self.about: dict[str, Any] = {}

    def times(self, repeats: int) -> Times:
        command = self.setup.program_command(self.work, repeats, self.threads)
        self.about = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return Times(self.about["median_ms"], self.about["min_ms"])

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class ProcessUse:
    """What a process took from its start to its end."""

    milliseconds: float
    peak_mib: float


def run_process(command: list[str], settings: dict[str, str]) -> ProcessUse:
    """Runs a fresh process; the peak is that of its resident memory."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=errors,
        )  # fmt: skip
        # The peak counts from before the child's exec, when it is still this process, of some
        # 20 MiB: less than any peak measured here.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise PeerFailure(f"{' '.join(command)} ended with {status}: {errors.read()}")
    unit = 1 if sys.platform == "darwin" else 1024
    return ProcessUse(1000 * seconds, usage.ru_maxrss * unit / 2**20)


class WholeProcess:
    """A process from its start to its end; one run beforehand, so that its files are in memory."""

    def __init__(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        self.name, self.command, self.settings = name, command, settings
        self.about: dict[str, Any] = {}
        run_process(command, settings)

    def times(self, repeats: int) -> Times:
        runs = [run_process(self.command, self.settings) for _ in range(repeats)]
        return Times.of([run.milliseconds for run in runs])

    def close(self) -> None:
        pass


@dataclass
class Series:
    """What one contestant reached: a number per round, and the least of all."""

    name: str
    rounds: list[float]
    least: float
    about: dict[str, Any]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def compete(contestants: list[Contestant], rounds: int, repeats: int) -> list[Series]:
    """Each contestant in turn, round after round, every second round in the other order."""
    series = [Series(one.name, [], float("inf"), one.about) for one in contestants]
    for number in range(rounds):
        order = list(zip(contestants, series))
        for contestant, result in order if number % 2 == 0 else reversed(order):
            times = contestant.times(repeats)
            result.rounds.append(times.median)
            result.least = min(result.least, times.least)
            result.about = contestant.about
    for contestant in contestants:
        contestant.close()
    return series


def median_of_ratios(slower: Series, faster: Series) -> float:
    """Paired: what ran in the same round is compared."""
    return statistics.median(a / b for a, b in zip(slower.rounds, faster.rounds))
