"""Goldens of whole networks with seeded weights: only a part of each output is stored."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from golden_layers import Recording
from golden_tensors import golden_array, golden_pictures, golden_weights, nhwc
from reference_networks import (
    PatchDiscriminator, PixelDiscriminator, ResNetGenerator, UNetGenerator,
)  # fmt: skip

Case = dict[str, Any]

# Every `stride`-th row and column of the output is stored: an odd number meets all parities.
CASES: list[Case] = [
    {"name": "resnet9", "kind": "resnet", "blocks": 9, "filters": 64,
     "input": [1, 32, 32, 3], "outputChannels": 3, "stride": 1},
    {"name": "resnet6", "kind": "resnet", "blocks": 6, "filters": 64,
     "input": [1, 32, 32, 3], "outputChannels": 3, "stride": 1},
    {"name": "resnet3-small", "kind": "resnet", "blocks": 3, "filters": 8,
     "input": [2, 24, 36, 3], "outputChannels": 3, "stride": 1},
    {"name": "resnet2-grey-to-colour", "kind": "resnet", "blocks": 2, "filters": 5,
     "input": [1, 20, 16, 1], "outputChannels": 3, "stride": 1},
    {"name": "unet128", "kind": "unet", "blocks": 7, "filters": 64,
     "input": [1, 128, 128, 3], "outputChannels": 3, "stride": 5},
    {"name": "unet256", "kind": "unet", "blocks": 8, "filters": 64,
     "input": [1, 256, 256, 3], "outputChannels": 3, "stride": 7},
    {"name": "unet128-small", "kind": "unet", "blocks": 7, "filters": 4,
     "input": [2, 128, 256, 1], "outputChannels": 2, "stride": 9},
    {"name": "patch3", "kind": "patch", "layers": 3, "filters": 64,
     "input": [1, 64, 64, 3], "outputChannels": 1, "stride": 1},
    {"name": "patch2", "kind": "patch", "layers": 2, "filters": 64,
     "input": [2, 48, 64, 3], "outputChannels": 1, "stride": 1},
    {"name": "patch1", "kind": "patch", "layers": 1, "filters": 8,
     "input": [1, 33, 47, 1], "outputChannels": 1, "stride": 1},
    {"name": "pixel", "kind": "pixel", "filters": 64,
     "input": [1, 32, 32, 3], "outputChannels": 1, "stride": 1},
]  # fmt: skip


def build(case: Case) -> nn.Module:
    channels, filters = case["input"][3], case["filters"]
    match case["kind"]:
        case "resnet":
            return ResNetGenerator(channels, case["outputChannels"], filters, case["blocks"])
        case "unet":
            return UNetGenerator(channels, case["outputChannels"], filters, case["blocks"])
        case "patch":
            return PatchDiscriminator(channels, filters, case["layers"])
        case _:
            return PixelDiscriminator(channels, filters)


def record_networks(recording: Recording) -> None:
    for case in CASES:
        name, stride = case["name"], case["stride"]
        network = build(case)
        golden_weights(network, f"{name}.", recording.seed)
        x = golden_pictures(f"{name}.input", tuple(case["input"]), recording.seed)
        with torch.no_grad():
            single = nhwc(network(x))
            y = nhwc(network.double()(x.double()))
        recording.keep(name, output=y[:, ::stride, ::stride].contiguous())
        error = ((single - y).abs().max() / y.abs().max()).item()
        parameters = sum(parameter.numel() for parameter in network.parameters())
        recording.cases.append(
            {**case, "outputShape": list(y.shape), "parameters": parameters,
             "float32Error": error}
        )  # fmt: skip
    known = golden_array("known answer", (3, 5), recording.seed, 0.035)
    recording.keep("known answer", values=torch.from_numpy(known))
