"""The GAN families in PyTorch: networks and training step, with everything random given from
outside. Parameter names are those of cyclegan's files; pictures are flattened as [H, W, C]."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Callable

import torch
import torch.nn.functional as F
from torch import nn

from reference_networks import LEAK

Case = dict[str, Any]


def norm_layer(norm: str, channels: int, is_flat: bool) -> list[nn.Module]:
    if norm == "batch":
        return [nn.BatchNorm1d(channels) if is_flat else nn.BatchNorm2d(channels)]
    if norm == "layer":
        return [nn.GroupNorm(1, channels)]
    return []


def spectral(layer: nn.Module, is_spectral: bool) -> nn.Module:
    if not is_spectral:
        return layer
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return nn.utils.spectral_norm(layer)


class Labelled(nn.Module):
    """Joins a sample and its class along the channels."""

    def __init__(self, classes: int, embedding: int | None) -> None:
        super().__init__()
        self.classes = classes
        if classes and embedding:
            self.label = nn.Embedding(classes, embedding)
        self.label_channels = (embedding or classes) if classes else 0

    def joined(self, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        if not self.classes:
            return x
        label = self.label(labels) if hasattr(self, "label") else F.one_hot(labels, self.classes)
        label = label.to(x.dtype).view(*label.shape, *[1] * (x.dim() - 2))
        return torch.cat([x, label.expand(-1, -1, *x.shape[2:])], 1)


def perceptron(
    inputs: int, outputs: int, width: int, layers: int, norm: str,
    activation: Callable[[], nn.Module], is_spectral: bool = False,
) -> nn.Sequential:  # fmt: skip
    modules: list[nn.Module] = []
    for index in range(layers):
        layer = nn.Linear(width if index else inputs, width, bias=norm == "none")
        modules += [spectral(layer, is_spectral), *norm_layer(norm, width, True), activation()]
    return nn.Sequential(*modules, spectral(nn.Linear(width, outputs), is_spectral))


def doublings(size: int) -> tuple[int, int]:
    base = 7 if size % 7 == 0 else 4
    return base, (size // base).bit_length() - 1


class Generator(Labelled):
    def __init__(self, network: Case, sample: list[int], latent: int) -> None:
        super().__init__(network["classes"], network["embedding"])
        self.sample, self.kind = sample, network["kind"]
        inputs, width, norm = latent + self.label_channels, network["width"], network["norm"]
        size, channels = sample
        if self.kind == "perceptron":
            self.model = perceptron(
                inputs, size * size * channels, width, network["layers"], norm, nn.ReLU
            )
            return
        base, count = doublings(size)
        wide = [width << min(3, count - 1 - index) for index in range(count)]
        has_bias = norm == "none"
        modules = [nn.ConvTranspose2d(inputs, wide[0], base, bias=has_bias)]
        modules += [*norm_layer(norm, wide[0], False), nn.ReLU()]
        for index in range(1, count):
            modules.append(
                nn.ConvTranspose2d(wide[index - 1], wide[index], 4, 2, 1, bias=has_bias)
            )
            modules += [*norm_layer(norm, wide[index], False), nn.ReLU()]
        modules.append(nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=has_bias))
        self.main = nn.Sequential(*modules, nn.Tanh())

    def forward(self, noise: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """[N, latent] to [N, C, H, W]."""
        x = self.joined(noise, labels)
        if self.kind != "perceptron":
            return self.main(x[:, :, None, None])
        size, channels = self.sample
        pictures = self.model(x).view(-1, size, size, channels).permute(0, 3, 1, 2)
        return pictures if size == 1 else torch.tanh(pictures)


class Discriminator(Labelled):
    def __init__(self, network: Case, sample: list[int]) -> None:
        super().__init__(network["classes"], network["embedding"])
        size, channels = sample
        self.kind, width, norm = network["kind"], network["width"], network["norm"]
        is_spectral = network["isSpectral"]

        def activation() -> nn.Module:
            return nn.LeakyReLU(LEAK)

        if self.kind == "perceptron":
            inputs = size * size * channels + self.label_channels
            self.model = perceptron(
                inputs, 1, width, network["layers"], norm, activation, is_spectral
            )
            return
        base, count = doublings(size)
        has_bias = norm == "none"

        def convolution(inputs: int, outputs: int) -> nn.Module:
            return spectral(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=has_bias), is_spectral)

        modules = [convolution(channels + self.label_channels, width), activation()]
        now = width
        for index in range(1, count):
            wider = width << min(3, index)
            modules += [convolution(now, wider), *norm_layer(norm, wider, False), activation()]
            now = wider
        last = spectral(nn.Conv2d(now, 1, base, bias=has_bias), is_spectral)
        self.main = nn.Sequential(*modules, last)

    def forward(self, pictures: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """[N, C, H, W] to [N]."""
        if self.kind != "perceptron":
            return self.main(self.joined(pictures, labels)).flatten()
        return self.model(
            self.joined(pictures.permute(0, 2, 3, 1).flatten(1), labels)
        ).flatten()


@dataclass
class Turn:
    """What a turn of the discriminator is given."""

    real: torch.Tensor
    labels: torch.Tensor
    noise: torch.Tensor
    alphas: torch.Tensor


class Game:
    """Generator against discriminator, with the loss, turns, constraint and optimizer of a case."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module, case: Case) -> None:
        self.generator, self.discriminator, self.case = generator, discriminator, case
        self.relu = nn.ReLU()
        self.generator_optimizer = self.optimizer(generator)
        self.discriminator_optimizer = self.optimizer(discriminator)

    def optimizer(self, network: nn.Module) -> torch.optim.Optimizer:
        rate = self.case["learningRate"]
        if "decay" in self.case:
            return torch.optim.RMSprop(network.parameters(), lr=rate, alpha=self.case["decay"])
        betas = (self.case["beta1"], self.case["beta2"])
        return torch.optim.Adam(network.parameters(), lr=rate, betas=betas)

    def judging(self, judgement: torch.Tensor, is_real: bool) -> torch.Tensor:
        loss = self.case["loss"]
        if loss == "wasserstein":
            return -judgement.mean() if is_real else judgement.mean()
        if loss == "hinge":
            return self.relu(1 - judgement if is_real else 1 + judgement).mean()
        target = torch.full_like(judgement, 1 - self.case["smoothing"] if is_real else 0)
        return F.binary_cross_entropy_with_logits(judgement, target)

    def fooling(self, judgement: torch.Tensor) -> torch.Tensor:
        loss = self.case["loss"]
        if loss in ("wasserstein", "hinge"):
            return -judgement.mean()
        if loss == "minimax":
            return -F.binary_cross_entropy_with_logits(judgement, torch.zeros_like(judgement))
        return F.binary_cross_entropy_with_logits(judgement, torch.ones_like(judgement))

    def penalty(self, turn: Turn, fake: torch.Tensor) -> torch.Tensor:
        alphas = turn.alphas.view(-1, 1, 1, 1)
        x = (alphas * turn.real + (1 - alphas) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(
            self.discriminator(x, turn.labels).sum(), x, create_graph=True
        )
        return ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean()

    def step(self, turns: list[Turn]) -> list[float]:
        """The generator's and the last discriminator's loss."""
        for turn in turns:
            fake = self.generator(turn.noise, turn.labels)
            judged = self.judge(turn, fake.detach())
        self.discriminator.requires_grad_(False)
        loss = self.fooling(self.discriminator(fake, turns[-1].labels))
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.discriminator.requires_grad_(True)
        return [loss.item(), judged.item()]

    def judge(self, turn: Turn, fake: torch.Tensor) -> torch.Tensor:
        loss = self.judging(self.discriminator(turn.real, turn.labels), True)
        loss = loss + self.judging(self.discriminator(fake, turn.labels), False)
        if self.case.get("penalty"):
            loss = loss + self.case["penalty"] * self.penalty(turn, fake)
        self.discriminator_optimizer.zero_grad()
        loss.backward()
        self.discriminator_optimizer.step()
        if self.case.get("clipping"):
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.case["clipping"], self.case["clipping"])
        return loss
