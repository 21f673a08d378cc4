#!/usr/bin/env python3
"""Measures cyclegan's augmentation against albumentations (OpenCV), side by side.

    compare-with-albumentations.py                              every operation, and a folder
    compare-with-albumentations.py --operations Rotate CLAHE    some operations, no folder
    compare-with-albumentations.py --markdown FILE --json FILE  also writes the table, all numbers

Operations are applied to a decoded RGB picture of 512×512 on one thread: both sides take turns,
operation by operation and round by round, in alternating order; a ratio is the median of the
rounds' ratios. The folder's job is a whole process on each side, with two threads here and two
worker processes there: decode JPEG, augment as the preset `strong` does, encode JPEG.
The first run makes a virtual environment, .venv-albumentations, and installs the peer into it.
Nothing else should run on the machine meanwhile. Docs/Performance.md says more.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from compare_augmentations import OPERATIONS, QUALITY, Operation
from compare_contestants import (
    HERE, AnsweringProcess, Series, Times, WholeProcess, compete, median_of_ratios,
)  # fmt: skip
from compare_environment import (
    ALBUMENTATIONS, ROOT, Environment, built_program, warn_if_busy,
)  # fmt: skip
from compare_report import machine, markdown, number, plain, write_section

HEADINGS = ["operation", "albumentations", "cyclegan", "ratio"]
SIDE = 512


class PeerOperation:
    """An operation in the peer's process, which stays ready."""

    name = "albumentations"

    def __init__(self, process: AnsweringProcess, operation: Operation) -> None:
        self.process, self.operation = process, operation
        self.about = process.about

    def times(self, repeats: int) -> Times:
        return Times.of(self.process.answer(f"{self.operation.name} {repeats}"))

    def close(self) -> None:
        pass


class OwnOperation:
    """An operation in `cyclegan benchmark`, a fresh process each time."""

    name = "cyclegan"

    def __init__(self, program: Path, operation: Operation, picture: Path, folder: Path) -> None:
        recipe = folder / f"{operation.name}.json"
        recipe.write_text(operation.recipe)
        self.command = [
            program, "benchmark", "--case", "augment", "--json", "--quiet",
            "--picture", picture, "--recipe", recipe, "--threads", "1", "--repeats",
        ]  # fmt: skip
        self.about: dict[str, Any] = {}

    def times(self, repeats: int) -> Times:
        command = [*self.command, str(repeats)]
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return Times(answer["median_ms"], answer["min_ms"])

    def close(self) -> None:
        pass


def draw(program: Path, python: Path, folder: Path, count: int) -> Path:
    """A folder of JPEG landscapes."""
    drawn, pictures = folder / "drawn", folder / "pictures"
    pictures.mkdir()
    subprocess.run(
        [program, "dataset", "seasons", drawn, "--count", str(count), "--test-count", "1",
         "--size", str(SIDE), "--quiet"], check=True,
    )  # fmt: skip
    convert = (
        "import cv2, pathlib, sys\n"
        "for path in pathlib.Path(sys.argv[1]).glob('*.png'):\n"
        f"    options = [cv2.IMWRITE_JPEG_QUALITY, {QUALITY}]\n"
        "    cv2.imwrite(f'{sys.argv[2]}/{path.stem}.jpg', cv2.imread(str(path)), options)\n"
    )
    subprocess.run([python, "-c", convert, drawn / "trainA", pictures], check=True)
    return pictures


def operation_series(
    chosen: list[Operation], program: Path, python: Path, picture: Path, folder: Path,
    rounds: int,
) -> dict[str, list[Series]]:  # fmt: skip
    script = HERE / "compare_augmentations.py"
    command = [str(word) for word in [python, script, "operations", "--picture", picture]]
    process = AnsweringProcess("albumentations", command, os.environ | {"OMP_NUM_THREADS": "1"})
    results = {}
    for operation in chosen:
        print(f"{operation.name} …", file=sys.stderr, flush=True)
        sides = [
            PeerOperation(process, operation), OwnOperation(program, operation, picture, folder),
        ]  # fmt: skip
        results[operation.name] = compete(sides, rounds, 5)
    process.close()
    return results


def folder_series(
    program: Path, python: Path, pictures: Path, folder: Path, rounds: int
) -> list[Series]:
    theirs = [
        python, HERE / "compare_augmentations.py", "folder", "--input", pictures,
        "--output", folder / "theirs", "--workers", "2",
    ]  # fmt: skip
    ours = [
        program, "augment", pictures, folder / "ours", "--recipe", "strong", "--threads", "2",
        "--quiet",
    ]  # fmt: skip
    settings = dict(os.environ)
    sides = [
        WholeProcess("albumentations", [str(word) for word in theirs], settings),
        WholeProcess("cyclegan", [str(word) for word in ours], settings),
    ]
    return compete(sides, rounds, 1)


def described(series: Series) -> str:
    return f"{number(series.median)} ({number(series.least)}) ms"


def main() -> None:
    names = [operation.name for operation in OPERATIONS]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--operations", nargs="*", choices=names, metavar="NAME",
                        help="operations to measure, without the folder (default: all)")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=7, help="rounds for each row (default: 7)")
    parser.add_argument("--pictures", type=int, default=200, help="in the folder (default: 200)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table")
    parser.add_argument("--program", type=Path, help="cyclegan (default: built in release)")
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv-albumentations",
                        metavar="FOLDER", help="the peer's virtual environment")  # fmt: skip
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.pictures < 1:
        parser.error("--rounds and --pictures begin at 1")
    warn_if_busy()
    python = Environment(arguments.environment, ALBUMENTATIONS).python
    program = (arguments.program or built_program()).resolve()
    chosen = [op for op in OPERATIONS if op.name in (arguments.operations or names)]

    with tempfile.TemporaryDirectory(prefix="cyclegan-compare-") as work:
        folder = Path(work)
        pictures = draw(program, python, folder, 1 if arguments.operations else arguments.pictures)
        picture = sorted(pictures.iterdir())[0]
        series = operation_series(chosen, program, python, picture, folder, arguments.rounds)
        ratios = {name: median_of_ratios(*sides) for name, sides in series.items()}
        mean = statistics.geometric_mean(ratios.values())
        lowest = min(ratios, key=ratios.get)
        about = [
            f"Geometric mean {mean:.2f}×, lowest {ratios[lowest]:.2f}× ({lowest}).",
            machine(1, "each side's own choice of instructions") + ".",
        ]
        if not arguments.operations:
            print("folder …", file=sys.stderr, flush=True)
            title = f"folder of {arguments.pictures} JPEG files, `strong`, two cores"
            series[title] = folder_series(program, python, pictures, folder, arguments.rounds)
            ratios[title] = median_of_ratios(*series[title])

    lines = [
        [name, described(sides[0]), described(sides[1]), f"{ratios[name]:.2f}×"]
        for name, sides in series.items()
    ]
    versions = ", ".join(f"{k} {v}" for k, v in series[chosen[0].name][0].about.items())
    about.append(versions + ".")
    print(plain(HEADINGS, lines, about))
    if arguments.markdown:
        write_section(arguments.markdown, "augmentation", markdown(HEADINGS, lines, about))
    if arguments.json:
        rows = [
            {"name": name, "ratio": ratios[name], "albumentations_ms": sides[0].rounds,
             "cyclegan_ms": sides[1].rounds}
            for name, sides in series.items()
        ]  # fmt: skip
        arguments.json.write_text(json.dumps({"mean": mean, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
