#!/usr/bin/env python3
"""Runs the Python examples of Docs/Augmentation.md on pictures that it draws.

    check-augmentation-examples.py PROGRAM    PROGRAM: cyclegan, as built

The first example needs nothing but Python; the second is left out where torch, numpy or pillow is
missing. Exit status 0: the examples read every sample.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "Docs" / "Augmentation.md"
COUNT = 5


def run(command: list[str | Path], **settings: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **settings)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


def check(program: Path, folder: Path) -> None:
    stream, loader = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    path = f"{program.parent}:{os.environ['PATH']}"
    settings = {"cwd": folder, "env": os.environ | {"PATH": path}}
    run([program, "dataset", "seasons", "drawn", "--count", str(COUNT), "--test-count", "1",
         "--size", "64", "--quiet"], **settings)  # fmt: skip
    (folder / "drawn" / "trainA").rename(folder / "photos")

    (folder / "read.py").write_text(stream)
    writing = "cyclegan augment photos/ - --recipe strong --copies 4 --quiet"
    piped = ["bash", "-o", "pipefail", "-c", f"{writing} | {sys.executable} read.py"]
    lines = run(piped, **settings).splitlines()
    if len(lines) != 4 * COUNT or not all("'json'" in line for line in lines):
        sys.exit(f"{4 * COUNT} samples were written, and read were:\n" + "\n".join(lines))
    print(f"The tar stream: {len(lines)} samples read.")

    if not all(importlib.util.find_spec(name) for name in ("torch", "numpy", "PIL")):
        print("PyTorch's example is left out: torch, numpy or pillow is missing.")
        return
    counting = (
        "\nbatches = [(len(names), pictures) for pictures, names in loader]"
        "\nprint(sum(count for count, _ in batches), tuple(batches[0][1].shape[1:]))\n"
    )
    (folder / "load.py").write_text(loader + counting)
    words = run([sys.executable, "load.py"], **settings).strip()
    if words != f"{COUNT} (3, 256, 256)":
        sys.exit(f"PyTorch read {words}.")
    print(f"PyTorch's loader: {words}.")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="cyclegan-examples-") as folder:
        check(Path(sys.argv[1]).resolve(), Path(folder))


if __name__ == "__main__":
    main()
