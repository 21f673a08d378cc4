"""The networks of the reference CycleGAN implementation in PyTorch, with its parameter names.

Written anew from the architecture's description (Zhu et al., arXiv:1703.10593; Isola et al.,
arXiv:1611.07004), so that weights saved from the reference load with strict=True and weights of
cyclegan's model files load after stripping `generatorAB.` or `generatorBA.`.
Normalisation is instance norm throughout, without parameters, so convolutions have biases.
"""

from __future__ import annotations

import torch
from torch import nn

LEAK = 0.2


def instance_norm(channels: int) -> nn.Module:
    return nn.InstanceNorm2d(channels, affine=False, track_running_stats=False)


class ResidualBlock(nn.Module):
    """x + norm(conv(relu(norm(conv(x))))), with reflection padding."""

    def __init__(self, channels: int, dropout: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = [*self.convolution(channels), nn.ReLU()]
        if dropout:
            layers.append(nn.Dropout(0.5))
        self.conv_block = nn.Sequential(*layers, *self.convolution(channels))

    @staticmethod
    def convolution(channels: int) -> list[nn.Module]:
        return [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), instance_norm(channels)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv_block(x)


class ResNetGenerator(nn.Module):
    """Two halvings of the resolution, residual blocks, two doublings."""

    def __init__(
        self,
        input_channels: int = 3,
        output_channels: int = 3,
        filters: int = 64,
        blocks: int = 9,
        dropout: bool = False,
    ) -> None:
        super().__init__()
        wide = 4 * filters
        self.model = nn.Sequential(
            nn.ReflectionPad2d(3),
            nn.Conv2d(input_channels, filters, 7),
            *self.norm_relu(filters),
            *self.halving(filters),
            *self.halving(2 * filters),
            *[ResidualBlock(wide, dropout) for _ in range(blocks)],
            *self.doubling(wide),
            *self.doubling(wide // 2),
            nn.ReflectionPad2d(3),
            nn.Conv2d(filters, output_channels, 7),
            nn.Tanh(),
        )

    @staticmethod
    def norm_relu(channels: int) -> list[nn.Module]:
        return [instance_norm(channels), nn.ReLU()]

    @classmethod
    def halving(cls, channels: int) -> list[nn.Module]:
        convolution = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1)
        return [convolution, *cls.norm_relu(2 * channels)]

    @classmethod
    def doubling(cls, channels: int) -> list[nn.Module]:
        convolution = nn.ConvTranspose2d(
            channels, channels // 2, 3, stride=2, padding=1, output_padding=1
        )
        return [convolution, *cls.norm_relu(channels // 2)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x)


class UNetLevel(nn.Module):
    """One way down, what lies below, one way up; the input is joined to the output."""

    def __init__(
        self,
        outer: int,
        inner: int,
        below: UNetLevel | None,
        input_channels: int | None = None,
        dropout: bool = False,
    ) -> None:
        super().__init__()
        self.is_outermost = input_channels is not None
        down = nn.Conv2d(input_channels or outer, inner, 4, stride=2, padding=1)
        up = nn.ConvTranspose2d(2 * inner if below else inner, outer, 4, stride=2, padding=1)
        if self.is_outermost:
            layers = [down, below, nn.ReLU(), up, nn.Tanh()]
        elif below is None:
            layers = [nn.LeakyReLU(LEAK), down, nn.ReLU(), up, instance_norm(outer)]
        else:
            layers = [nn.LeakyReLU(LEAK), down, instance_norm(inner), below]
            layers += [nn.ReLU(), up, instance_norm(outer)]
            if dropout:
                layers.append(nn.Dropout(0.5))
        self.model = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.model(x)
        return y if self.is_outermost else torch.cat([x, y], dim=1)


class UNetGenerator(nn.Module):
    """Encoder and decoder with skip connections: 8 halvings for 256 pixels, 7 for 128."""

    def __init__(
        self,
        input_channels: int = 3,
        output_channels: int = 3,
        filters: int = 64,
        halvings: int = 8,
        dropout: bool = False,
    ) -> None:
        super().__init__()
        wide = 8 * filters
        level = UNetLevel(wide, wide, None)
        for _ in range(halvings - 5):
            level = UNetLevel(wide, wide, level, dropout=dropout)
        for outer in (4 * filters, 2 * filters, filters):
            level = UNetLevel(outer, 2 * outer, level)
        self.model = UNetLevel(output_channels, filters, level, input_channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x)


class PatchDiscriminator(nn.Module):
    """Judges overlapping patches; `layers` strided convolutions set their size (3: 70 pixels)."""

    def __init__(self, input_channels: int = 3, filters: int = 64, layers: int = 3) -> None:
        super().__init__()
        modules: list[nn.Module] = [
            nn.Conv2d(input_channels, filters, 4, stride=2, padding=1),
            nn.LeakyReLU(LEAK),
        ]
        channels = filters
        for layer in range(1, layers + 1):
            following = filters * min(2**layer, 8)
            stride = 2 if layer < layers else 1
            modules += [
                nn.Conv2d(channels, following, 4, stride=stride, padding=1),
                instance_norm(following),
                nn.LeakyReLU(LEAK),
            ]
            channels = following
        modules.append(nn.Conv2d(channels, 1, 4, padding=1))
        self.model = nn.Sequential(*modules)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x)


class PixelDiscriminator(nn.Module):
    """Judges every pixel by itself."""

    def __init__(self, input_channels: int = 3, filters: int = 64) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(input_channels, filters, 1),
            nn.LeakyReLU(LEAK),
            nn.Conv2d(filters, 2 * filters, 1),
            instance_norm(2 * filters),
            nn.LeakyReLU(LEAK),
            nn.Conv2d(2 * filters, 1, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


def inert_biases(network: nn.Module, prefix: str) -> list[str]:
    """Biases right before an instance norm: it takes them away again, whatever their values."""
    names = []
    for path, module in network.named_modules():
        if isinstance(module, nn.Sequential):
            pairs = zip(module.named_children(), list(module.children())[1:])
            for (index, layer), following in pairs:
                if isinstance(following, nn.InstanceNorm2d):
                    names.append(f"{prefix}{path}.{index}.bias")
    return sorted(names)
