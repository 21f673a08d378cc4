"""Seeded tensors that this folder's scripts and the Swift tests compute alike, bit for bit.

Full-size networks hold 45 MB of weights; goldens name a seed instead. The recipe, for element i
(row-major, from 0) of the tensor called `name`, all in unsigned 64-bit arithmetic that wraps:

    mix(z):  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9
             z = (z ^ z >> 27) * 0x94d049bb133111eb
             return z ^ z >> 31                              (the finaliser of SplitMix64)
    key    = mix(seed + 0x9e3779b97f4a7c15) ^ fnv1a64(name as UTF-8)
    bits   = mix(key + (i + 1) * 0x9e3779b97f4a7c15) >> 40   (24 bits)
    value  = float32(bits * 2^-23 - 1) * float32(scale)      (exact, then rounded once)

Values are even over -scale ..< scale. The Swift twin is Tests/TestSupport/GoldenWeights.swift.
"""

from __future__ import annotations

import math

import numpy as np
import torch

WEIGHT_SCALE = 0.035
"""Even over +-0.035: a standard deviation of 0.02, as the reference initialises weights."""

GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def fnv1a64(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def mix(values: np.ndarray) -> np.ndarray:
    values = (values ^ values >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ values >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return values ^ values >> np.uint64(31)


def golden_array(name: str, shape: tuple[int, ...], seed: int, scale: float) -> np.ndarray:
    """The seeded array called `name`, float32."""
    start = np.array([(seed + GAMMA) & MASK], dtype=np.uint64)
    key = mix(start) ^ np.uint64(fnv1a64(name))
    steps = np.arange(1, math.prod(shape) + 1, dtype=np.uint64) * np.uint64(GAMMA)
    bits = mix(key + steps) >> np.uint64(40)
    unit = bits.astype(np.float32) * np.float32(2**-23) - np.float32(1)
    return (unit * np.float32(scale)).reshape(shape)


def golden_weights(
    module: torch.nn.Module, prefix: str, seed: int, scale: float = WEIGHT_SCALE
) -> None:
    """Sets every parameter to the seeded tensor called `prefix` + its key."""
    with torch.no_grad():
        for key, parameter in module.named_parameters():
            array = golden_array(prefix + key, tuple(parameter.shape), seed, scale)
            parameter.copy_(torch.from_numpy(array))


def golden_pictures(name: str, shape: tuple[int, int, int, int], seed: int) -> torch.Tensor:
    """Seeded pictures in -1 ..< 1; `shape` is [N, H, W, C], the result [N, C, H, W]."""
    return nchw(torch.from_numpy(golden_array(name, shape, seed, 1)))


def nchw(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.permute(0, 3, 1, 2).contiguous()


def nhwc(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().permute(0, 2, 3, 1).contiguous()
