#!/usr/bin/env python3
"""Measures cyclegan against PyTorch, torch.compile, OpenVINO and Pillow, side by side.

    compare-with-pytorch.py                                  all rows, on what the processor has
    compare-with-pytorch.py --instruction-set avx2           all sides on AVX2
    compare-with-pytorch.py --rows step-256 small-16 --repeats 9
    compare-with-pytorch.py --markdown FILE --json FILE      also writes the table, and all numbers
    compare-with-pytorch.py --stages                         also where a training step's time goes
    compare-with-pytorch.py --smoke                          tiny networks: only whether it works

The peers take turns with `cyclegan benchmark`, round after round, in alternating order; a ratio is
the median of the rounds' ratios. Times are medians of the rounds, the least of all in brackets.
In a Markdown file that holds such tables already, those of the same instruction set are replaced.
The first run makes a virtual environment, .venv, and installs the peers into it. Nothing else
should run on the machine meanwhile. Docs/Performance.md says more.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from compare_contestants import PeerFailure, Setup
from compare_environment import (
    OPENVINO, ROOT, TORCH, Environment, built_program, peer_settings, warn_if_busy,
)  # fmt: skip
from compare_report import (
    HEADINGS, as_json, cells, machine, markdown, plain, versions, write_section,
)  # fmt: skip
from compare_rows import Outcome, Row, reference_step, rows
from compare_stages import HEADINGS as STAGE_HEADINGS
from compare_stages import stages


def parse_arguments() -> argparse.Namespace:
    names = [row.name for row in rows()]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="*", choices=names, default=names, metavar="ROW",
                        help=f"rows to measure: {', '.join(names)} (default: all)")  # fmt: skip
    parser.add_argument("--repeats", type=int, default=5, help="rounds for each row (default: 5)")
    parser.add_argument("--threads", type=int, default=2, help="of every side (default: 2)")
    parser.add_argument("--instruction-set", choices=["native", "avx2"], default="native")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table")
    parser.add_argument("--stages", action="store_true", help="a step's layers, too")
    parser.add_argument("--smoke", action="store_true", help="tiny networks, to see it work")
    parser.add_argument("--program", type=Path, help="cyclegan (default: built in release)")
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv", metavar="FOLDER",
                        help="the peers' virtual environment (default: .venv)")  # fmt: skip
    arguments = parser.parse_args()
    if arguments.repeats < 1 or arguments.threads < 1:
        parser.error("--repeats and --threads begin at 1")
    return arguments


def measured(chosen: list[Row], setup: Setup, rounds: int) -> dict[str, Outcome]:
    outcomes = {}
    for row in chosen:
        print(f"{row.name} …", file=sys.stderr, flush=True)
        try:
            outcomes[row.name] = row.measure(setup, rounds)
        except PeerFailure as failure:
            print(f"{row.name} is missing: {failure}", file=sys.stderr)
    return outcomes


def notes(chosen: list[Row], outcomes: dict[str, Outcome]) -> list[str]:
    lines = []
    for row in chosen:
        if row.name not in outcomes:
            lines.append(f"{row.name}: not measured.")
            continue
        outcome = outcomes[row.name]
        lines += [f"{row.name}: {note}." for note in outcome.notes]
        for series in outcome.series:
            if wide := [kind for kind in series.about.get("kernels", []) if "avx512" in kind]:
                lines.append(f"{row.name}: {series.name} uses {', '.join(wide)}.")
    return lines


def main() -> None:
    arguments = parse_arguments()
    warn_if_busy()
    environment = Environment(arguments.environment, TORCH, OPENVINO)
    setup = Setup(
        program=(arguments.program or built_program()).resolve(),
        python=environment.python,
        peer_settings=peer_settings(
            arguments.instruction_set, arguments.threads, arguments.environment.resolve()
        ),
        instruction_set=arguments.instruction_set,
        threads=arguments.threads,
    )
    chosen = [row for row in rows(arguments.smoke) if row.name in arguments.rows]
    outcomes = measured(chosen, setup, arguments.repeats)

    where = machine(arguments.threads, arguments.instruction_set)
    if arguments.smoke:
        where = "Tiny networks, no measurement: " + where
    tables = {}
    if chosen:
        lines = [cells(row, outcomes[row.name]) for row in chosen if row.name in outcomes]
        about = [where + ".", versions(outcomes) + ".", *notes(chosen, outcomes)]
        tables["comparison"] = HEADINGS, lines, about
    if arguments.stages:
        lines, about = stages(setup, reference_step(arguments.smoke), arguments.repeats)
        tables["stages"] = STAGE_HEADINGS, lines, [*about, where + "."]
    for name, table in tables.items():
        print(plain(*table))
        if arguments.markdown:
            section = f"{name} {arguments.instruction_set}"
            write_section(arguments.markdown, section, markdown(*table))
    if arguments.json:
        numbers = json.dumps(as_json(chosen, outcomes, where), indent=2, ensure_ascii=False)
        arguments.json.write_text(numbers + "\n")
    if len(outcomes) < len(chosen):
        sys.exit(1)


if __name__ == "__main__":
    main()
