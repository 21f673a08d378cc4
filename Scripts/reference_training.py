"""The reference CycleGAN training step in PyTorch, with everything random given from outside."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

LOSS_NAMES = [
    "discriminatorB", "ganAB", "cycleA", "identityB",
    "discriminatorA", "ganBA", "cycleB", "identityA",
]  # fmt: skip
"""In the reference's order, where they are called D_A, G_A, cycle_A, idt_A, D_B, G_B, cycle_B,
idt_B: it names a discriminator after its generator, we name it after the domain it judges."""


def gan_loss(mode: str, prediction: torch.Tensor, is_real: bool) -> torch.Tensor:
    if mode == "wgangp":
        return -prediction.mean() if is_real else prediction.mean()
    target = torch.full_like(prediction, 1.0 if is_real else 0.0)
    if mode == "lsgan":
        return F.mse_loss(prediction, target)
    return F.binary_cross_entropy_with_logits(prediction, target)


def gradient_penalty(
    critic: nn.Module, real: torch.Tensor, fake: torch.Tensor, alphas: torch.Tensor
) -> torch.Tensor:
    """10 (|d critic(x) / dx + 1e-16| - 1)^2 in the mean over pictures, x = a real + (1 - a) fake.

    The norm is the Euclidean one over all of a picture's channels and pixels; the critic's
    output is summed before it is differentiated.
    """
    a = alphas.view(-1, 1, 1, 1)
    x = (a * real + (1 - a) * fake).detach().requires_grad_()
    prediction = critic(x)
    (slope,) = torch.autograd.grad(
        prediction, x, torch.ones_like(prediction), create_graph=True, retain_graph=True
    )
    norms = (slope.flatten(1) + 1e-16).norm(2, dim=1)
    return ((norms - 1) ** 2).mean() * 10


class ImagePool:
    """Past fakes. Filled first; then each decision is told: -1 takes the new one, i swaps it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.images: list[torch.Tensor] = []

    def query(self, images: torch.Tensor, decisions: list[int]) -> torch.Tensor:
        return torch.cat([self.one(image, d) for image, d in zip(images.split(1), decisions)])

    def one(self, image: torch.Tensor, decision: int) -> torch.Tensor:
        if len(self.images) < self.size:
            self.images.append(image)
            return image
        if decision < 0:
            return image
        stored, self.images[decision] = self.images[decision], image
        return stored


@dataclass
class StepInput:
    """Pictures of one step, and what would be random: pool decisions and penalty weights."""

    real_a: torch.Tensor
    real_b: torch.Tensor
    pool_a: list[int]
    pool_b: list[int]
    alphas_a: torch.Tensor
    alphas_b: torch.Tensor


@dataclass
class Options:
    mode: str
    pool_size: int
    lambda_a: float = 10
    lambda_b: float = 10
    lambda_identity: float = 0.5
    learning_rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)


class CycleGAN:
    """Four networks, two optimizers, two pools. `networks` holds generatorAB, generatorBA,
    discriminatorA and discriminatorB; a discriminator is named after the domain it judges."""

    def __init__(self, networks: dict[str, nn.Module], options: Options) -> None:
        self.ab, self.ba = networks["generatorAB"], networks["generatorBA"]
        self.da, self.db = networks["discriminatorA"], networks["discriminatorB"]
        self.options, self.l1 = options, nn.L1Loss()
        self.pool_a, self.pool_b = ImagePool(options.pool_size), ImagePool(options.pool_size)
        self.generator_adam = self.adam(self.ab, self.ba)
        self.discriminator_adam = self.adam(self.da, self.db)

    def adam(self, *networks: nn.Module) -> torch.optim.Adam:
        parameters = itertools.chain(*(network.parameters() for network in networks))
        options = self.options
        return torch.optim.Adam(parameters, lr=options.learning_rate, betas=options.betas)

    def step(self, given: StepInput) -> dict[str, float]:
        """One step; the losses by LOSS_NAMES, each with its factor."""
        fake_a, fake_b, losses = self.generator_step(given)
        losses |= self.discriminator_step(given, fake_a, fake_b)
        return {name: losses[name].item() for name in LOSS_NAMES}

    def generator_step(
        self, given: StepInput
    ) -> tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor]]:
        options = self.options
        for parameter in (*self.da.parameters(), *self.db.parameters()):
            parameter.requires_grad_(False)
        fake_b, fake_a = self.ab(given.real_a), self.ba(given.real_b)
        identity = options.lambda_identity
        losses = {
            "identityB": self.l1(self.ab(given.real_b), given.real_b)
            * options.lambda_b * identity,
            "identityA": self.l1(self.ba(given.real_a), given.real_a)
            * options.lambda_a * identity,
            "ganAB": gan_loss(options.mode, self.db(fake_b), True),
            "ganBA": gan_loss(options.mode, self.da(fake_a), True),
            "cycleA": self.l1(self.ba(fake_b), given.real_a) * options.lambda_a,
            "cycleB": self.l1(self.ab(fake_a), given.real_b) * options.lambda_b,
        }  # fmt: skip
        self.generator_adam.zero_grad()
        sum(losses.values()).backward()
        self.generator_adam.step()
        for parameter in (*self.da.parameters(), *self.db.parameters()):
            parameter.requires_grad_(True)
        return fake_a.detach(), fake_b.detach(), losses

    def discriminator_step(
        self, given: StepInput, fake_a: torch.Tensor, fake_b: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        pooled_b = self.pool_b.query(fake_b, given.pool_b)
        pooled_a = self.pool_a.query(fake_a, given.pool_a)
        losses = {
            "discriminatorB": self.judged(self.db, given.real_b, pooled_b, given.alphas_b),
            "discriminatorA": self.judged(self.da, given.real_a, pooled_a, given.alphas_a),
        }
        self.discriminator_adam.zero_grad()
        sum(losses.values()).backward()
        self.discriminator_adam.step()
        return losses

    def judged(
        self, critic: nn.Module, real: torch.Tensor, fake: torch.Tensor, alphas: torch.Tensor
    ) -> torch.Tensor:
        """Half of both judgements; with wgangp the whole penalty on top."""
        mode = self.options.mode
        loss = (gan_loss(mode, critic(real), True) + gan_loss(mode, critic(fake), False)) / 2
        if mode == "wgangp":
            loss = loss + gradient_penalty(critic, real, fake, alphas)
        return loss
