"""Goldens of single layers, losses and the optimizer, recorded from PyTorch in float64."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

import torch
import torch.nn.functional as F

from golden_tensors import golden_array, golden_weights, nhwc
from reference_networks import LEAK, PatchDiscriminator
from reference_training import gan_loss, gradient_penalty

Case = dict[str, Any]


@dataclass
class Recording:
    """Tensors and descriptions of the cases of one golden file."""

    seed: int
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def draw(self, name: str, *shape: int, scale: float = 1) -> torch.Tensor:
        """A seeded tensor in NCHW or another plain order, ready to be differentiated by."""
        array = golden_array(name, shape, self.seed, scale)
        return torch.from_numpy(array).double().requires_grad_()

    def keep(self, case: str, **tensors: torch.Tensor) -> None:
        """Stores tensors in the order in which they stand."""
        for key, tensor in tensors.items():
            self.tensors[f"{case}.{key}"] = tensor.detach()

    def keep_activations(self, case: str, **tensors: torch.Tensor) -> None:
        """Stores [N, C, H, W] as [N, H, W, C]."""
        self.keep(case, **{key: nhwc(tensor) for key, tensor in tensors.items()})


def gradients(y: torch.Tensor, dy: torch.Tensor, of: list[torch.Tensor]) -> list[torch.Tensor]:
    return list(torch.autograd.grad(y, of, dy))


# kernel, stride, padding, amount, batch, height, width, input channels, output channels
CONVOLUTIONS = [
    (1, 1, "zero", 0, 2, 5, 7, 5, 3),
    (1, 2, "zero", 0, 1, 6, 5, 3, 5),
    (3, 1, "zero", 0, 1, 7, 6, 3, 16),
    (3, 1, "zero", 1, 2, 9, 8, 5, 3),
    (3, 1, "zero", 2, 1, 4, 5, 1, 5),
    (3, 1, "reflect", 1, 1, 8, 8, 16, 32),
    (3, 1, "reflect", 1, 2, 7, 11, 3, 5),
    (3, 1, "reflect", 1, 1, 5, 6, 48, 16),
    (3, 1, "reflect", 2, 1, 5, 3, 5, 1),
    (3, 2, "zero", 1, 1, 8, 10, 16, 32),
    (3, 2, "zero", 1, 2, 7, 9, 3, 5),
    (3, 2, "reflect", 1, 1, 9, 6, 5, 16),
    (3, 3, "zero", 1, 1, 10, 11, 3, 16),
    (4, 1, "zero", 1, 1, 6, 7, 16, 1),
    (4, 2, "zero", 1, 1, 8, 12, 3, 16),
    (4, 2, "zero", 1, 2, 9, 7, 5, 3),
    (4, 3, "zero", 2, 1, 8, 7, 5, 3),
    (5, 1, "reflect", 2, 1, 7, 9, 3, 5),
    (5, 2, "zero", 2, 1, 9, 8, 3, 16),
    (5, 3, "zero", 0, 1, 11, 9, 1, 3),
    (7, 1, "reflect", 3, 1, 8, 9, 3, 16),
    (7, 1, "reflect", 3, 2, 6, 5, 16, 3),
    (7, 1, "zero", 3, 1, 5, 6, 1, 1),
    (7, 2, "zero", 3, 1, 9, 10, 3, 5),
]

# kernel, stride, padding, output padding, batch, height, width, input channels, output channels
TRANSPOSED_CONVOLUTIONS = [
    (3, 2, 1, 1, 1, 4, 5, 32, 16),
    (3, 2, 1, 1, 2, 3, 4, 5, 3),
    (3, 2, 1, 0, 1, 4, 3, 3, 5),
    (4, 2, 1, 0, 1, 4, 6, 16, 5),
    (4, 2, 1, 0, 2, 5, 3, 3, 1),
    (3, 1, 1, 0, 1, 5, 6, 5, 3),
    (5, 3, 1, 1, 1, 3, 4, 1, 3),
]


def record_convolutions(recording: Recording) -> None:
    for kernel, stride, padding, amount, n, h, w, i, o in CONVOLUTIONS:
        name = f"convolution-{kernel}x{kernel}-s{stride}-{padding}{amount}-{n}x{h}x{w}-{i}to{o}"
        mode = "constant" if padding == "zero" else "reflect"

        def forward(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
            return F.conv2d(F.pad(x, [amount] * 4, mode), weight, bias, stride)

        record_filtered(recording, name, (n, i, h, w), (o, i, kernel, kernel), o, forward)
        recording.cases.append(
            {
                "name": name, "kind": "convolution", "kernel": kernel, "stride": stride,
                "padding": padding, "amount": amount,
            }
        )  # fmt: skip


def record_transposed(recording: Recording) -> None:
    for kernel, stride, amount, extra, n, h, w, i, o in TRANSPOSED_CONVOLUTIONS:
        name = f"transposed-{kernel}x{kernel}-s{stride}-p{amount}+{extra}-{n}x{h}x{w}-{i}to{o}"

        def forward(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
            return F.conv_transpose2d(x, weight, bias, stride, amount, extra)

        record_filtered(recording, name, (n, i, h, w), (i, o, kernel, kernel), o, forward)
        recording.cases.append(
            {
                "name": name, "kind": "transposed", "kernel": kernel, "stride": stride,
                "padding": "zero", "amount": amount,
            }
        )  # fmt: skip


def record_filtered(
    recording: Recording,
    name: str,
    input_shape: tuple[int, ...],
    filter_shape: tuple[int, ...],
    outputs: int,
    forward: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor],
) -> None:
    x = recording.draw(f"{name}.x", *input_shape)
    weight = recording.draw(f"{name}.weight", *filter_shape)
    bias = recording.draw(f"{name}.bias", outputs)
    y = forward(x, weight, bias)
    dy = recording.draw(f"{name}.dy", *y.shape)
    dx, dweight, dbias = gradients(y, dy, [x, weight, bias])
    recording.keep_activations(name, x=x, y=y, dy=dy, dx=dx)
    recording.keep(name, weight=weight, bias=bias, dweight=dweight, dbias=dbias)


ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": torch.relu,
    "leakyReLU": lambda x: F.leaky_relu(x, LEAK),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}

NORM_SHAPES = [(1, 3, 5, 7), (2, 16, 4, 4), (2, 5, 9, 3)]


def record_activations(recording: Recording) -> None:
    for name, forward in ACTIVATIONS.items():
        x = recording.draw(f"{name}.x", 2, 5, 6, 7, scale=4)
        y = forward(x)
        dy = recording.draw(f"{name}.dy", *y.shape)
        (dx,) = gradients(y, dy, [x])
        recording.keep_activations(name, x=x, y=y, dy=dy, dx=dx)
        recording.cases.append({"name": name, "slope": LEAK})


def record_instance_norms(recording: Recording) -> None:
    for shape in NORM_SHAPES:
        for affine in (False, True):
            for activation in ("identity", "relu", "leakyReLU"):
                record_instance_norm(recording, shape, affine, activation)


def record_instance_norm(
    recording: Recording, shape: tuple[int, ...], affine: bool, activation: str
) -> None:
    sizes = "x".join(map(str, shape))
    name = f"instance-{sizes}-{'affine' if affine else 'plain'}-{activation}"
    x = recording.draw(f"{name}.x", *shape, scale=2)
    parameters = []
    if affine:
        parameters = [recording.draw(f"{name}.{key}", shape[1]) for key in ("scale", "shift")]
    y = F.instance_norm(x, None, None, *parameters, eps=1e-5)
    if activation != "identity":
        y = ACTIVATIONS[activation](y)
    dy = recording.draw(f"{name}.dy", *shape)
    dx, *dparameters = gradients(y, dy, [x, *parameters])
    recording.keep_activations(name, x=x, y=y, dy=dy, dx=dx)
    if affine:
        recording.keep(name, scale=parameters[0], shift=parameters[1])
        recording.keep(name, dscale=dparameters[0], dshift=dparameters[1])
    recording.cases.append(
        {
            "name": name, "kind": "instance", "affine": affine, "activation": activation,
            "slope": LEAK, "epsilon": 1e-5,
        }
    )  # fmt: skip


def record_batch_norms(recording: Recording) -> None:
    for shape in NORM_SHAPES:
        for training in (True, False):
            record_batch_norm(recording, shape, training)


def record_batch_norm(recording: Recording, shape: tuple[int, ...], training: bool) -> None:
    kind = "batchTraining" if training else "batchInference"
    name = f"{kind}-{'x'.join(map(str, shape))}"
    x = recording.draw(f"{name}.x", *shape, scale=2)
    scale, shift, mean = (
        recording.draw(f"{name}.{key}", shape[1]) for key in ("scale", "shift", "mean")
    )
    variance = recording.draw(f"{name}.variance", shape[1]).abs() + 0.5
    mean, variance = mean.detach(), variance.detach()
    recording.keep(name, mean=mean.clone(), variance=variance.clone())
    y = F.batch_norm(x, mean, variance, scale, shift, training, momentum=0.1, eps=1e-5)
    dy = recording.draw(f"{name}.dy", *shape)
    dx, dscale, dshift = gradients(y, dy, [x, scale, shift])
    recording.keep_activations(name, x=x, y=y, dy=dy, dx=dx)
    recording.keep(name, scale=scale, shift=shift, dscale=dscale, dshift=dshift)
    recording.keep(name, newMean=mean, newVariance=variance)
    recording.cases.append(
        {
            "name": name, "kind": kind, "affine": True, "activation": "identity",
            "slope": LEAK, "epsilon": 1e-5, "momentum": 0.1,
        }
    )  # fmt: skip


def record_losses(recording: Recording) -> None:
    for mode in ("lsgan", "vanilla", "wgangp"):
        for is_real in (True, False):
            name = f"{mode}-{'real' if is_real else 'fake'}"
            prediction = recording.draw(f"{name}.prediction", 2, 1, 5, 6, scale=3)
            value = gan_loss(mode, prediction, is_real)
            (gradient,) = torch.autograd.grad(value, [prediction])
            recording.keep_activations(name, prediction=prediction, gradient=gradient)
            recording.keep(name, value=value)
            recording.cases.append({"name": name, "kind": mode, "isReal": is_real})
    x = recording.draw("l1.prediction", 2, 3, 4, 5)
    target = recording.draw("l1.target", 2, 3, 4, 5).detach()
    value = F.l1_loss(x, target)
    (gradient,) = torch.autograd.grad(value, [x])
    recording.keep_activations("l1", prediction=x, target=target, gradient=gradient)
    recording.keep("l1", value=value)
    recording.cases.append({"name": "l1", "kind": "l1"})


def record_penalty(recording: Recording) -> None:
    """The penalty, and its gradient by the critic's parameters: a derivative of a derivative."""
    filters, layers = 4, 2
    critic = PatchDiscriminator(3, filters, layers).double()
    golden_weights(critic, "penalty.", recording.seed)
    real, fake = (
        recording.draw(f"penalty.{key}", 2, 3, 24, 28).detach() for key in ("real", "fake")
    )
    alphas = (recording.draw("penalty.alphas", 2) + 1).detach() / 2
    value = gradient_penalty(critic, real, fake, alphas)
    recording.keep_activations("penalty", real=real, fake=fake)
    recording.keep("penalty", alphas=alphas, value=value)
    names, parameters = zip(*critic.named_parameters())
    found = torch.autograd.grad(value, parameters, allow_unused=True)
    for key, parameter, gradient in zip(names, parameters, found):
        none = torch.zeros_like(parameter)
        recording.keep("penalty", **{f"weights.{key}": parameter})
        recording.keep("penalty", **{f"gradients.{key}": none if gradient is None else gradient})
    recording.cases.append(
        {"name": "penalty", "kind": "penalty", "filters": filters, "layers": layers}
    )


def record_adam(recording: Recording) -> None:
    """Five steps; the third one's gradient is zero for half of the weights."""
    options = {"learningRate": 2e-4, "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
    weights = recording.draw("adam.weights", 37, scale=0.05)
    optimizer = torch.optim.Adam([weights], lr=2e-4, betas=(0.5, 0.999), eps=1e-8)
    recording.keep("adam", weights=weights.detach().clone())
    for step in range(5):
        gradient = recording.draw(f"adam.gradient{step}", 37, scale=0.1).detach().clone()
        if step == 2:
            gradient[:18] = 0
        weights.grad = gradient
        optimizer.step()
        recording.keep("adam", **{f"gradient{step}": gradient})
        recording.keep("adam", **{f"weights{step}": weights.detach().clone()})
    recording.cases.append({"name": "adam", "steps": 5, **options})


LAYER_FILES: dict[str, list[Callable[[Recording], None]]] = {
    "convolutions": [record_convolutions, record_transposed],
    "activations": [record_activations],
    "normalizations": [record_instance_norms, record_batch_norms],
    "losses": [record_losses, record_penalty],
    "adam": [record_adam],
}
