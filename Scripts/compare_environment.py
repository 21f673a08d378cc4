"""The peers' virtual environment, and the settings their processes run under."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REQUIRED = {
    "torch": ["torch==2.13.0+cpu", "torch==2.13.0"],
    "numpy": ["numpy"],
    "PIL": ["pillow"],
    "safetensors": ["safetensors"],
}
"""By the module's name: what to ask for, the next where the one before cannot be had."""
OPTIONAL = {"openvino": ["openvino"]}


class Environment:
    """A virtual environment with the peers in it."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "bin" / "python"
        if not self.python.exists():
            print(f"Making {folder} for the peers", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for module, choices in REQUIRED.items():
            if not self.install(module, choices):
                sys.exit(f"{choices[-1]} cannot be installed into {folder}. Install it there.")
        self.has_openvino = all(self.install(*entry) for entry in OPTIONAL.items())

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
