"""Where a training step's time goes, layer by layer, as `cyclegan benchmark` tells."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from compare_contestants import Setup, Work

HEADINGS = [
    "layer", "forward", "input gradient", "filter gradient", "both gradients",
    "calls in a step", "ms in a step", "share",
]  # fmt: skip
VERBS = HEADINGS[1:5]

Measurement = dict[str, Any]


def stages(setup: Setup, step: Work, repeats: int) -> tuple[list[list[str]], list[str]]:
    """The table's lines, and what is to be said about it."""
    command = setup.program_command(step, repeats, setup.threads)
    command += ["--case", "layers"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    whole, *measured = [json.loads(line) for line in output.splitlines()]
    layers: dict[str, dict[str, Measurement]] = {}
    for measurement in measured:
        layers.setdefault(measurement["layer"], {})[measurement["verb"]] = measurement
    total = whole["median_ms"]
    spent = {name: in_step(verbs) for name, verbs in layers.items()}
    lines = [
        [name, *(cell(verbs[verb]) for verb in VERBS), calls(verbs),
         f"{spent[name]:.0f}", f"{spent[name] / total:.0%}"]
        for name, verbs in layers.items()
    ]  # fmt: skip
    rest = total - sum(spent.values())
    lines.append(["all else", "", "", "", "", "", f"{rest:.0f}", f"{rest / total:.0%}"])
    lines.append(["a step", "", "", "", "", "", f"{total:.0f}", "100%"])
    about = [
        "Milliseconds, and in brackets GFLOP/s of direct convolution. The peak is "
        f"{whole['peak_gflops']:.0f} GFLOP/s; a step reaches {whole['gflops']:.0f} "
        f"({whole['peak_fraction']:.2f} of it).",
    ]
    return lines, about


def in_step(verbs: dict[str, Measurement]) -> float:
    return sum(m["calls_per_step"] * m["median_ms"] for m in verbs.values())


def cell(measurement: Measurement) -> str:
    return f"{measurement['median_ms']:.3g} ({measurement['gflops']:.0f})"


def calls(verbs: dict[str, Measurement]) -> str:
    """In the order of the verbs' columns: `6, 2, 0, 4`."""
    return ", ".join(str(verbs[verb]["calls_per_step"]) for verb in VERBS)
