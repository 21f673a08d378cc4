#!/usr/bin/env python3
"""Translates thousands of broken pictures and looks at what becomes of them.

    check-broken-pictures.py                              3000 files made of the tests' own pictures
    check-broken-pictures.py --seeds FOLDER --count 20000 made of others too
    check-broken-pictures.py --program .build-asan/debug/cyclegan --memory 4000

Each file must end as a valid picture or be left out with its reason: no crash, no file that takes
more than 10 s of processor time, and no more memory than --memory MiB. With --program, a build under
AddressSanitizer can be tried: swift build --sanitize address --scratch-path .build-asan
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUP = 100
"""Files that one process gets; of a group that takes too long, each file gets a process."""


def mutate(original: bytes, other: bytes, chance: random.Random) -> bytes:
    data = bytearray(original)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        # Headers more often than what follows.
        reach = len(data) if chance.random() < 0.6 else min(len(data), 120)
        place = chance.randrange(reach)
        kind = chance.randrange(8)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del data[place : place + chance.choice([1, 2, 8, 100])]
        elif kind == 3:
            data[place:place] = chance.randbytes(chance.choice([1, 4, 50]))
        elif kind == 4:
            number = chance.choice([0, 1, 2**16, 2**31 - 1, 2**32 - 1])
            data[place : place + 4] = number.to_bytes(4, "big")
        elif kind == 5:
            start = chance.randrange(len(data))
            data[place:place] = data[start : start + chance.choice([12, 64, 1000])]
        elif kind == 6:
            start = chance.randrange(len(other))
            data[place:place] = other[start : start + chance.choice([12, 64, 1000])]
        else:
            del data[max(place, 1) :]
        if not data:
            data = bytearray(original[:1])
    return with_right_sums(bytes(data)) if chance.random() < 0.5 else bytes(data)


def with_right_sums(data: bytes) -> bytes:
    """A PNG file with right check sums in its chunks: else nothing behind them is reached."""
    result, position = bytearray(data), 8
    while data[:4] == b"\x89PNG" and position + 12 <= len(data):
        end = position + 8 + int.from_bytes(data[position : position + 4], "big")
        if end + 4 > len(data):
            break
        result[end : end + 4] = zlib.crc32(data[position + 4 : end]).to_bytes(4, "big")
        position = end + 4
    return bytes(result)


def limited(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def make_model(program: Path, work: Path) -> Path:
    """The smallest generator that there is, hardly trained."""
    drawn = [
        "dataset", "seasons", work / "drawn", "--count", "4", "--test-count", "1", "--size", "32",
        "--quiet",
    ]  # fmt: skip
    subprocess.run([program, *drawn], check=True)
    trained = [
        "train", work / "drawn/trainA", work / "drawn/trainB", "--preset", "quick",
        "--filters", "4", "--size", "32", "--load-size", "32", "--steps", "1",
        "--output", work / "run",
    ]  # fmt: skip
    subprocess.run([program, *trained], check=True, capture_output=True)
    return work / "run"


class Check:
    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        self.program, self.work = arguments.program, work
        self.model = make_model(self.program, work)
        self.findings: list[str] = []
        self.reasons: dict[str, int] = {}
        self.translated = self.left_out = 0

    def translate(
        self, folder: Path, *options: str, seconds: int
    ) -> subprocess.CompletedProcess[str]:
        command = [
            self.program, "translate", folder, self.work / "out" / folder.name,
            "--model", self.model, "--threads", "1", "--quiet", "--json", *options,
        ]  # fmt: skip
        return subprocess.run(
            command, capture_output=True, text=True, preexec_fn=lambda: limited(seconds)
        )

    def group(self, folder: Path) -> None:
        files = sorted(folder.iterdir())
        done = self.translate(folder, seconds=10 * max(1, len(files) // 10))
        if done.returncode not in (0, 1) or not done.stdout:
            if len(files) > 1:
                for index, file in enumerate(files):
                    single = folder.with_name(f"{folder.name}-{index}")
                    single.mkdir()
                    file.rename(single / file.name)
                    self.group(single)
            else:
                self.findings.append(f"{files[0]}: status {done.returncode}\n{done.stderr[-3000:]}")
            return
        report = json.loads(done.stdout)
        self.translated += report["translated"]
        self.left_out += len(report["failed"])
        for failure in report["failed"]:
            reason = failure["reason"].replace(failure["file"], "")
            words = "".join(" " if c.isdigit() else c for c in reason)[:60]
            self.reasons[words] = self.reasons.get(words, 0) + 1
        if report["translated"] + len(report["failed"]) != len(files):
            self.findings.append(f"{folder}: not all files are accounted for")
        # All outputs must be whole, or this makes them again.
        again = json.loads(self.translate(folder, "--skip-existing", seconds=100).stdout)
        if again["kept"] != report["translated"]:
            self.findings.append(f"{folder}: not all outputs are whole")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=Path, help="more pictures to break")
    parser.add_argument("--count", type=int, default=3000, help="broken files (default: 3000)")
    parser.add_argument("--memory", type=int, default=1024, help="most memory, MiB (default: 1024)")
    parser.add_argument("--keep", type=Path, help="folder to keep the files in")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/cyclegan")
    arguments = parser.parse_args()
    folders = [ROOT / "Tests/ImagesTests/Goldens", *([arguments.seeds] if arguments.seeds else [])]
    seeds = sorted(
        p for folder in folders for p in folder.rglob("*")
        if p.suffix.lower() in {".png", ".jpg", ".jpeg"} and 0 < p.stat().st_size < 1 << 17
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="cyclegan-broken-") as temporary:
        work = arguments.keep or Path(temporary)
        check = Check(arguments, work)
        for start in range(0, arguments.count, GROUP):
            folder = work / "broken" / f"{start:06}"
            folder.mkdir(parents=True)
            for number in range(start, min(start + GROUP, arguments.count)):
                chance = random.Random(number)
                # As many JPEG files as PNG files, whatever there are more of.
                is_png = chance.random() < 0.5
                alike = [p for p in seeds if (p.suffix.lower() == ".png") == is_png]
                seed, other = chance.choice(alike), chance.choice(seeds)
                data = mutate(seed.read_bytes(), other.read_bytes(), chance)
                (folder / f"{number:06}{seed.suffix}").write_bytes(data)
            check.group(folder)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"{arguments.count} files: {check.translated} translated, {check.left_out} left out")
        for words, count in sorted(check.reasons.items(), key=lambda item: -item[1])[:12]:
            print(f"  {count:6}  {words}")
        print(f"peak memory {peak} MiB")
        if peak > arguments.memory:
            check.findings.append(f"{peak} MiB of memory are more than {arguments.memory}")
        sys.exit("\n".join(check.findings) or None)


if __name__ == "__main__":
    main()
