"""Goldens of whole training runs of small CycleGANs, with everything random pinned.

Networks begin with the seeded tensors `<network>.<key>` (of the case's own seed, and even over
+- `weightScale`: networks as narrow as these want larger weights than wide ones), pictures are
the seeded tensors `realA.step<i>` and `realB.step<i>`, the penalty's weights `alphasA.step<i>` and
`alphasB.step<i>` (each (value + 1) / 2). The pools' decisions are in the case: per step and
picture -1 for "return the new one" or the index of the stored one that is returned and replaced;
while a pool fills, the new one is stored and returned.

Stored are `losses` [steps, 8], in the order of the case's list of names, and the weights after
the last step, `<network>.<key>`. Biases before an instance norm have gradients that are nothing
but rounding, which Adam blows up to whole steps: the case lists these and their like as `inert`.

Training is chaotic: once rounding moves a single activation over the bend of a ReLU, or a
residual over that of the L1 loss, a gradient jumps, and Adam, whose first steps are little more
than signs, carries the jump into every weight; at the usual learning rate of 2e-4 two faithful
programs differ by a percent after ten steps. So the learning rate is a tenth of that, and seeds
are tried until a run keeps clear of all bends by MARGIN, and of gradients whose first sign
rounding could turn by GRADIENT_MARGIN. Convolutions disturbed by 1e-6 then change losses by less
than 1e-4: whoever differs by more has made a mistake.
"""

from __future__ import annotations

import itertools
from typing import Any

import torch
from torch import nn

from golden_layers import Recording
from golden_tensors import golden_array, golden_pictures, golden_weights
from reference_networks import PatchDiscriminator, ResNetGenerator, inert_biases
from reference_training import LOSS_NAMES, CycleGAN, Options, StepInput

Case = dict[str, Any]

CASES: dict[str, Case] = {
    "trajectory-lsgan": {
        "mode": "lsgan", "steps": 10, "pictures": [1, 16, 16, 3], "poolSize": 3,
        "blocks": 2, "filters": 4, "discriminatorLayers": 2,
    },
    "trajectory-vanilla": {
        "mode": "vanilla", "steps": 4, "pictures": [2, 12, 16, 3], "poolSize": 3,
        "blocks": 1, "filters": 4, "discriminatorLayers": 2,
    },
    "trajectory-wgangp": {
        "mode": "wgangp", "steps": 4, "pictures": [2, 16, 12, 3], "poolSize": 2,
        "blocks": 1, "filters": 4, "discriminatorLayers": 2,
    },
}  # fmt: skip

WEIGHT_SCALE = 0.1

LEARNING_RATE = 2e-5

MARGIN = 1e-5
"""Of the standard deviation of a layer's numbers: several times what rounding moves them."""

GRADIENT_MARGIN = 5e-5
"""Of the root of the mean square of a parameter's first gradient."""

SMALLEST_LOSS = 0.02
"""Critics' judgements may cancel to almost nothing, which cannot be compared relatively."""


class TooClose(Exception):
    """A number came close to where rounding would decide."""


def record_trajectory(recording: Recording, name: str) -> None:
    case, networks, losses = first_clear_run(CASES[name], recording.seed)
    seed = case["seed"]
    recording.keep(name, losses=losses)
    for network_name, network in networks.items():
        weights = {f"{network_name}.{key}": value for key, value in network.named_parameters()}
        recording.keep(name, **weights)
    recording.cases.append(
        {
            **case, "name": name, "losses": LOSS_NAMES, "weightScale": WEIGHT_SCALE,
            "poolA": decisions(case, seed, "A"), "poolB": decisions(case, seed, "B"),
            "lambdaA": 10, "lambdaB": 10, "lambdaIdentity": 0.5,
            "learningRate": LEARNING_RATE, "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8,
            "inert": inert_parameters(case, networks),
            **float32_errors(case, networks, losses),
        }
    )  # fmt: skip


def inert_parameters(case: Case, networks: dict[str, nn.Module]) -> list[str]:
    """Biases before an instance norm; and a critic's last one: real and fake cancel in it."""
    names = []
    for name, network in networks.items():
        names += inert_biases(network, f"{name}.")
        if case["mode"] == "wgangp" and isinstance(network, PatchDiscriminator):
            names.append(f"{name}.model.{len(network.model) - 1}.bias")
    return sorted(names)


def first_clear_run(case: Case, seed: int) -> tuple[Case, dict[str, nn.Module], torch.Tensor]:
    """The first run of the seeds 10000 * seed + 0, 1, ... in which rounding decides nothing."""
    torch.set_num_threads(1)  # The networks are too small to share.
    for trial in range(10_000):
        seeded = {**case, "seed": 10_000 * seed + trial}
        try:
            networks = build(seeded, torch.float64)
            losses = train(seeded, networks, torch.float64, keep_clear=True)
        except TooClose:
            continue
        if losses.abs().min() > SMALLEST_LOSS:
            return seeded, networks, losses
    raise RuntimeError(f"rounding decides every run of seed {seed}; choose another --seed")


def keep_clear_of_bend(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
    """Hook: the input of a ReLU, or the two of an L1 loss, must not be close to its bend."""
    x = inputs[0] if len(inputs) == 1 else inputs[0] - inputs[1]
    if x.detach().abs().min() < MARGIN * x.detach().std():
        raise TooClose


def keep_clear_of_turns(case: Case, networks: dict[str, nn.Module]) -> None:
    """Adam's first step is the gradient's sign: that must not be up to rounding.

    Gradients of exactly zero, of filter taps that see nothing but padding, are no matter of it.
    """
    inert = inert_parameters(case, networks)
    for name, network in networks.items():
        for key, parameter in network.named_parameters():
            gradient = parameter.grad[parameter.grad != 0]
            smallest = GRADIENT_MARGIN * gradient.square().mean().sqrt()
            if f"{name}.{key}" not in inert and (gradient.abs() < smallest).any():
                raise TooClose


def build(case: Case, precision: torch.dtype) -> dict[str, nn.Module]:
    channels, filters = case["pictures"][3], case["filters"]
    networks: dict[str, nn.Module] = {}
    for direction in ("AB", "BA"):
        networks[f"generator{direction}"] = ResNetGenerator(
            channels, channels, filters, case["blocks"]
        )
    for domain in ("A", "B"):
        networks[f"discriminator{domain}"] = PatchDiscriminator(
            channels, filters, case["discriminatorLayers"]
        )
    for name, network in networks.items():
        golden_weights(network, f"{name}.", case["seed"], WEIGHT_SCALE)
        network.to(precision)
    return networks


def train(
    case: Case, networks: dict[str, nn.Module], precision: torch.dtype, keep_clear: bool = False
) -> torch.Tensor:
    """Trains the networks in place; the losses, [steps, 8]."""
    options = Options(case["mode"], case["poolSize"], learning_rate=LEARNING_RATE)
    model = CycleGAN(networks, options)
    if keep_clear:
        layers = itertools.chain(*(network.modules() for network in networks.values()))
        bends = [layer for layer in layers if isinstance(layer, (nn.ReLU, nn.LeakyReLU))]
        for bend in [*bends, model.l1]:
            bend.register_forward_pre_hook(keep_clear_of_bend)
    rows = []
    for step in range(case["steps"]):
        losses = model.step(step_input(case, step, precision))
        if keep_clear and step == 0:
            keep_clear_of_turns(case, networks)
        rows.append([losses[name] for name in LOSS_NAMES])
    return torch.tensor(rows, dtype=torch.float64)


def step_input(case: Case, step: int, precision: torch.dtype) -> StepInput:
    seed, shape = case["seed"], tuple(case["pictures"])

    def pictures(domain: str) -> torch.Tensor:
        return golden_pictures(f"real{domain}.step{step}", shape, seed).to(precision)

    def alphas(domain: str) -> torch.Tensor:
        values = golden_array(f"alphas{domain}.step{step}", shape[:1], seed, 1)
        return (torch.from_numpy(values).to(precision) + 1) / 2

    return StepInput(
        real_a=pictures("A"),
        real_b=pictures("B"),
        pool_a=decisions(case, seed, "A")[step],
        pool_b=decisions(case, seed, "B")[step],
        alphas_a=alphas("A"),
        alphas_b=alphas("B"),
    )


def decisions(case: Case, seed: int, domain: str) -> list[list[int]]:
    """Per step and picture: -1 with probability one half, else an index into the full pool."""
    shape = (case["steps"], case["pictures"][0])
    draws = golden_array(f"pool{domain}", shape, seed, 1).tolist()
    size = case["poolSize"]
    return [[-1 if draw < 0 else min(int(draw * size), size - 1) for draw in row] for row in draws]


def float32_errors(case: Case, networks: dict[str, nn.Module], losses: torch.Tensor) -> Case:
    """What PyTorch itself loses in float32: losses each relative, weights per tensor relative to
    its largest magnitude; inert biases left out."""
    singles = build(case, torch.float32)
    single_losses = train(case, singles, torch.float32)
    inert, worst = inert_parameters(case, networks), 0.0
    for name, network in networks.items():
        twins = dict(singles[name].named_parameters())
        for key, weights in network.named_parameters():
            if f"{name}.{key}" not in inert:
                difference = (twins[key] - weights).abs().max() / weights.abs().max()
                worst = max(worst, difference.item())
    return {
        "float32LossError": ((single_losses - losses) / losses).abs().max().item(),
        "float32WeightError": worst,
    }
