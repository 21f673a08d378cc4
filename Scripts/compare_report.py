"""What a comparison prints: a table for people, Markdown for the documentation, JSON."""

from __future__ import annotations

import datetime
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from compare_contestants import Series
from compare_rows import Outcome, Row, Target

HEADINGS = ["", "peer", "cyclegan", "reached", "at least", "aim", "verdict"]


def machine(threads: int, instruction_set: str) -> str:
    """For example `AMD EPYC, 2 cores, 24 GB, Linux; 2 threads, avx2; 1 May 2026`."""
    name, memory = platform.processor() or platform.machine(), ""
    if Path("/proc/cpuinfo").exists():
        models = [
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ]
        name = models[0] if models else name
        gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        memory = f", {gigabytes:.0f} GB"
    today = datetime.date.today()
    return (
        f"{name}, {os.cpu_count()} cores{memory}, {platform.system()}; {threads} threads, "
        f"{instruction_set}; {today.day} {today:%B %Y}"
    )


def versions(outcomes: dict[str, Outcome]) -> str:
    """The peers' versions, and what they say that they use."""
    found: dict[str, set[str]] = {}
    for outcome in outcomes.values():
        for series in outcome.series:
            for key, value in series.about.items():
                if key in ("torch", "capability", "openvino", "pillow"):
                    found.setdefault(key, set()).add(str(value))
    return ", ".join(f"{key} {' and '.join(sorted(values))}" for key, values in found.items())


def cells(row: Row, outcome: Outcome) -> list[str]:
    target = row.target
    *peers, own = outcome.series
    return [
        row.title,
        ", ".join(described(series, target) for series in peers),
        described(own, target, named=own.name != "cyclegan"),
        amount(outcome.value, target),
        bound(target.at_least, target),
        bound(target.aim, target),
        target.verdict(outcome.value),
    ]


def described(series: Series, target: Target, named: bool = True) -> str:
    """`PyTorch 761 (724) ms`: median and least."""
    unit = "MiB" if target.unit == "MiB" else "ms"
    times = number(series.median)
    if unit == "ms":
        times += f" ({number(series.least)})"
    return f"{series.name} {times} {unit}" if named else f"{times} {unit}"


def amount(value: float, target: Target) -> str:
    if target.unit == "MiB":
        return f"{value:.0f} MiB"
    return f"{value:.2f}×" if target.is_ratio else f"{value:.2f} {target.unit}"


def bound(value: float, target: Target) -> str:
    if target.unit == "MiB":
        return f"≤ {value:.0f} MiB" if value < 1000 else f"≤ {value / 1024:.1f} GiB"
    return f"{value:g}×" if target.is_ratio else f"≤ {value:g} {target.unit}"


def number(value: float) -> str:
    """Three digits or more."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def markdown(headings: list[str], lines: list[list[str]], about: list[str]) -> str:
    table = [headings, ["---"] * len(headings), *lines]
    text = ["| " + " | ".join(line) + " |" for line in table]
    return "\n".join([*text, *(f"\n{sentence}" for sentence in about), ""])


def write_section(file: Path, name: str, text: str) -> None:
    """Writes the file; where it holds a section of the name, that section alone.

    A section stands between the lines `<!-- name -->` and `<!-- end name -->`.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end {name} -->\n"
    before = file.read_text() if file.exists() else ""
    if begin in before and end in before:
        head, tail = before.partition(begin)[0], before.partition(end)[2]
    else:
        head, tail = before + ("\n" if before else ""), ""
    file.write_text(f"{head}{begin}{text}{end}{tail}")


def plain(headings: list[str], lines: list[list[str]], about: list[str]) -> str:
    table = [headings, *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(headings))]
    text = ["  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in table]
    return "\n".join([*text, "", *about])


def as_json(rows: list[Row], outcomes: dict[str, Outcome], about: str) -> dict[str, Any]:
    """All numbers, so that other tables can be made of them."""
    return {
        "machine": about,
        "rows": [
            {
                "name": row.name, "title": row.title, "unit": row.target.unit,
                "at_least": row.target.at_least, "aim": row.target.aim,
                **asdict(outcomes[row.name]),
            }
            for row in rows
            if row.name in outcomes
        ],
    }  # fmt: skip
