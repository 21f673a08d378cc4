"""The peers' virtual environment, and the settings their processes run under."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TORCH = {
    "torch": ["torch==2.13.0+cpu", "torch==2.13.0"],
    "numpy": ["numpy"],
    "PIL": ["pillow"],
    "safetensors": ["safetensors"],
}
"""By the module's name: what to ask for, the next where the one before cannot be had."""
OPENVINO = {"openvino": ["openvino"]}
ALBUMENTATIONS = {"albumentations": ["albumentations==2.0.8"], "cv2": ["opencv-python-headless"]}

Packages = dict[str, list[str]]

ROOT = Path(__file__).resolve().parent.parent
BUSY = 0.3
"""Load that tells that something else is running."""


def warn_if_busy() -> None:
    if (load := os.getloadavg()[0]) > BUSY:
        print(f"The machine is busy (load {load:.1f}): times will mean little.", file=sys.stderr)


def built_program() -> Path:
    """cyclegan, built in release."""
    build = ["swift", "build", "-c", "release", "--product", "cyclegan"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)
    show = subprocess.run([*build, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True)
    return Path(show.stdout.decode().strip(), "cyclegan")


class Environment:
    """A virtual environment with the peers in it."""

    def __init__(self, folder: Path, required: Packages, optional: Packages | None = None) -> None:
        self.python = folder / "bin" / "python"
        if not self.python.exists():
            print(f"Making {folder} for the peers", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for module, choices in required.items():
            if not self.install(module, choices):
                sys.exit(f"{choices[-1]} cannot be installed into {folder}. Install it there.")
        for entry in (optional or {}).items():
            self.install(*entry)

    def install(self, module: str, choices: list[str]) -> bool:
        """Whether the module is there, now if not before."""
        if self.has(module):
            return True
        for choice in choices:
            print(f"Installing {choice}", file=sys.stderr)
            command = [self.python, "-m", "pip", "install", "--quiet", choice]
            if subprocess.run(command, check=False).returncode == 0 and self.has(module):
                return True
        return False

    def has(self, module: str) -> bool:
        find = f"import importlib.util as u; exit(u.find_spec('{module}') is None)"
        return subprocess.run([self.python, "-c", find], check=False).returncode == 0


def peer_settings(instruction_set: str, threads: int, cache: Path) -> dict[str, str]:
    """The peers' environment variables."""
    settings = os.environ | {
        "OMP_NUM_THREADS": str(threads),
        # Compiled code is kept per instruction set: with a shared cache, code for one has been
        # seen to run, and give NaN, under the other.
        "TORCHINDUCTOR_CACHE_DIR": str(cache / f"inductor-{instruction_set}"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if instruction_set == "avx2":
        settings |= {
            "ATEN_CPU_CAPABILITY": "avx2",
            "ONEDNN_MAX_CPU_ISA": "AVX2",
            "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        }
    return settings
