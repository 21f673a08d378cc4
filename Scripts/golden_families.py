"""Goldens of ten training steps of each GAN family, small, with everything random pinned.

Networks begin with the seeded tensors `<network>.<key>` of the case's own seed, even over +-
`weightScale`; norms' scales are 1 more. Real samples, noise, labels and the penalty's alphas of a
turn are the seeded tensors `real.<turn>`, `noise.<turn>`, `labels.<turn>` (floor of (value + 1) / 2
classes) and `alphas.<turn>` ((value + 1) / 2), turns counted through all steps. A spectral norm's
direction begins as `<network>.<key>`, too.

Stored are `losses` [steps, 2], generator's and discriminator's, and the state after the last step.
As in golden_trajectories.py, seeds are tried until rounding decides nothing.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from golden_layers import Recording
from golden_tensors import golden_array, golden_pictures
from golden_trajectories import GRADIENT_MARGIN, TooClose, keep_clear_of_bend
from reference_families import Discriminator, Game, Generator, Turn

Case = dict[str, Any]

ADAM = {"beta1": 0.5, "beta2": 0.999}


def perceptron(width: int = 12, layers: int = 2, **more: Any) -> Case:
    return {"kind": "perceptron", "width": width, "layers": layers, "norm": "none", **more}


def convolutional(norm: str = "batch", **more: Any) -> Case:
    return {"kind": "convolutional", "width": 3, "layers": 2, "norm": norm, **more}


CASES: dict[str, Case] = {
    "vanilla": {
        "sample": [4, 1], "generator": perceptron(), "discriminator": perceptron(),
        "loss": "vanilla", "smoothing": 0.1, "weightScale": 0.4, **ADAM,
    },
    "minimax": {
        "sample": [1, 2], "generator": perceptron(norm="batch"), "discriminator": perceptron(),
        "loss": "minimax", "weightScale": 0.4, **ADAM,
    },
    "conditional": {
        "sample": [4, 3], "classes": 3, "embedding": 2, "generator": perceptron(),
        "discriminator": perceptron(), "loss": "vanilla", "weightScale": 0.4, **ADAM,
    },
    "conditional-convolutional": {
        "sample": [14, 1], "classes": 3, "generator": convolutional(),
        "discriminator": convolutional(), "loss": "vanilla", "weightScale": 0.2, **ADAM,
    },
    "dcgan": {
        "sample": [16, 3], "generator": convolutional(), "discriminator": convolutional(),
        "loss": "vanilla", "weightScale": 0.2, **ADAM,
    },
    "wgan": {
        "sample": [1, 2], "generator": perceptron(), "discriminator": perceptron(),
        "loss": "wasserstein", "criticSteps": 3, "clipping": 0.3, "decay": 0.99,
        "weightScale": 0.4,
    },
    "wgan-gp": {
        "sample": [16, 1], "generator": convolutional(), "discriminator": convolutional("layer"),
        "loss": "wasserstein", "criticSteps": 2, "penalty": 10.0, "weightScale": 0.2,
        "beta1": 0.0, "beta2": 0.9,
    },
    "hinge-spectral": {
        "sample": [16, 1], "generator": convolutional(),
        "discriminator": convolutional("none", isSpectral=True), "loss": "hinge",
        "weightScale": 0.2, **ADAM,
    },
}  # fmt: skip

STEPS, BATCH, LATENT, LEARNING_RATE = 10, 4, 5, 2e-5

SMALLEST_LOSS = 0.01


def record_families(recording: Recording) -> None:
    torch.set_num_threads(1)  # The networks are too small to share.
    for name, case in CASES.items():
        record_family(recording, name, complete(case))


def complete(case: Case) -> Case:
    common = {
        "steps": STEPS, "batch": BATCH, "latent": LATENT, "learningRate": LEARNING_RATE,
        "smoothing": 0, "criticSteps": 1, "classes": 0, "embedding": None,
    }  # fmt: skip
    whole = {**common, **case}
    for network in ("generator", "discriminator"):
        label = {"classes": whole["classes"], "embedding": whole["embedding"]}
        whole[network] = {"isSpectral": False, **label, **whole[network]}
    return whole


def record_family(recording: Recording, name: str, case: Case) -> None:
    for trial in range(10_000):
        case["seed"] = 10_000 * recording.seed + trial
        try:
            networks, losses = run(case, torch.float64, keep_clear=True)
        except TooClose:
            continue
        if losses.abs().min() > SMALLEST_LOSS:
            break
    else:
        raise RuntimeError(f"rounding decides every run of {name}; choose another --seed")
    recording.keep(name, losses=losses)
    single_losses = run(case, torch.float32)[1]
    for network_name, network in networks.items():
        for key, value in network.state_dict().items():
            if not key.endswith(("num_batches_tracked", "weight_v")):
                recording.keep(name, **{f"{network_name}.{key}": value})
    error = ((single_losses - losses) / losses).abs().max().item()
    recording.cases.append(
        {**case, "name": name, "inert": inert(case, networks), "float32LossError": error}
    )


def inert(case: Case, networks: dict[str, nn.Module]) -> list[str]:
    """A critic's last bias, in which real and fake cancel where the loss is straight."""
    critic = networks["discriminator"]
    layers = critic.model if critic.kind == "perceptron" else critic.main
    is_straight = case["loss"] in ("wasserstein", "hinge")
    has_bias = layers[len(layers) - 1].bias is not None
    name = "model" if critic.kind == "perceptron" else "main"
    return [f"discriminator.{name}.{len(layers) - 1}.bias"] if is_straight and has_bias else []


def build(case: Case, precision: torch.dtype) -> dict[str, nn.Module]:
    networks = {
        "generator": Generator(case["generator"], case["sample"], case["latent"]),
        "discriminator": Discriminator(case["discriminator"], case["sample"]),
    }
    seed, scale = case["seed"], case["weightScale"]
    for name, network in networks.items():
        state = network.state_dict()
        parameters = dict(network.named_parameters())
        norms = {
            f"{path}.weight"
            for path, module in network.named_modules()
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm))
        }
        for key, value in state.items():
            if key not in parameters and not key.endswith("weight_u"):
                continue
            array = golden_array(f"{name}.{key}", tuple(value.shape), seed, scale)
            with torch.no_grad():
                value.copy_(torch.from_numpy(array) + (1 if key in norms else 0))
        network.to(precision)
    return networks


def run(
    case: Case, precision: torch.dtype, keep_clear: bool = False
) -> tuple[dict[str, nn.Module], torch.Tensor]:
    networks = build(case, precision)
    game = Game(networks["generator"], networks["discriminator"], case)
    if keep_clear:
        layers = [game.relu, *networks["generator"].modules(), *networks["discriminator"].modules()]
        for layer in layers:
            if isinstance(layer, (nn.ReLU, nn.LeakyReLU)):
                layer.register_forward_pre_hook(keep_clear_of_bend)
    rows = []
    for step in range(case["steps"]):
        turns = [
            draw(case, step * case["criticSteps"] + number, precision)
            for number in range(case["criticSteps"])
        ]
        rows.append(game.step(turns))
        if keep_clear and step == 0:
            keep_clear_of_turns(case, networks)
    return networks, torch.tensor(rows, dtype=torch.float64)


def keep_clear_of_turns(case: Case, networks: dict[str, nn.Module]) -> None:
    for name, network in networks.items():
        for key, parameter in network.named_parameters():
            if f"{name}.{key}" in inert(case, networks):
                continue
            gradient = parameter.grad[parameter.grad != 0]
            if (gradient.abs() < GRADIENT_MARGIN * gradient.square().mean().sqrt()).any():
                raise TooClose


def draw(case: Case, turn: int, precision: torch.dtype) -> Turn:
    seed, batch = case["seed"], case["batch"]
    size, channels = case["sample"]

    def even(name: str, *shape: int) -> torch.Tensor:
        return torch.from_numpy(golden_array(f"{name}.{turn}", shape, seed, 1)).to(precision)

    labels = ((even("labels", batch) + 1) / 2 * max(1, case["classes"])).long()
    return Turn(
        real=golden_pictures(f"real.{turn}", (batch, size, size, channels), seed).to(precision),
        labels=labels,
        noise=even("noise", batch, case["latent"]),
        alphas=(even("alphas", batch) + 1) / 2,
    )
