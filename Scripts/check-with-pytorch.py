#!/usr/bin/env python3
"""Shows that a model of cyclegan is the reference's network, by running it in PyTorch.

    check-with-pytorch.py MODEL.safetensors
        loads each generator, prefix stripped, into the reference network with strict=True
    check-with-pytorch.py MODEL.safetensors INPUT OUTPUT [--to B]
        also translates each picture of INPUT and compares it, in grey levels, with the picture
        of the same name in OUTPUT, as `cyclegan translate INPUT OUTPUT --model MODEL` wrote it
    check-with-pytorch.py --write-random MODEL.safetensors --filters 64 --blocks 9 --seed 1
        writes a model of random weights, both directions, to compare translations of

Use PNG pictures: JPEG does not give back what was written. A difference of one grey level is
allowed, since roundings at exactly one half may fall either way. The exit status is 0 only if all
pictures agree. Set up as Scripts/record-goldens.py says, with pillow in addition.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

try:
    import numpy as np
    import torch
    from PIL import Image, ImageOps
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save_file
except ImportError as error:
    sys.exit(
        f"{error}. Install what this script needs, best into a virtual environment:\n"
        "  pip install torch==2.13.0 numpy safetensors 'pillow<13'"
    )

from reference_networks import ResNetGenerator, UNetGenerator

ALLOWED_GREY_LEVELS = 1
FORMATS = {".png", ".jpg", ".jpeg"}

Description = dict[str, Any]


def build(description: Description, direction: str) -> torch.nn.Module:
    """The reference network that a model's description asks for."""
    strange = {
        key: description[key]
        for key, value in {"norm": "instance", "upsampling": "transposed"}.items()
        if description[key] != value
    }
    if strange:
        sys.exit(f"The reference has no such generator: {strange}.")
    channels = [description["inputChannels"], description["outputChannels"]]
    if direction == "BA":
        channels.reverse()
    kinds = {"resnet": ResNetGenerator, "unet": UNetGenerator}
    network = kinds[description["kind"]](
        *channels, description["filters"], description["blocks"], description["dropout"]
    )
    return network.eval()


def load(path: Path) -> tuple[Description, dict[str, torch.nn.Module]]:
    """A model's description, and its generators by direction, AB and BA."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        if "cyclegan" not in metadata:
            sys.exit(f"{path} has no description. Use a model file that cyclegan wrote.")
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    description = json.loads(metadata["cyclegan"])
    networks = {}
    for direction in ("AB", "BA"):
        prefix = f"generator{direction}."
        state = {
            name.removeprefix(prefix): tensor
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        if state:
            networks[direction] = build(description["generator"], direction)
            networks[direction].load_state_dict(state, strict=True)
    return description, networks


def direction_to(target: str, description: Description) -> str:
    domains = description["domains"]
    if target in ("B", domains["b"]):
        return "AB"
    if target in ("A", domains["a"]):
        return "BA"
    sys.exit(f"No domain '{target}': name A ({domains['a']}) or B ({domains['b']}).")


def translate(network: torch.nn.Module, picture: np.ndarray, multiple: int) -> np.ndarray:
    """[H, W, C] in 0...255 to the same; mirrored at the right and bottom up to a multiple."""
    height, width, _ = picture.shape
    margins = [(0, -extent % multiple) for extent in (height, width)]
    padded = np.pad(picture, [*margins, (0, 0)], "reflect")
    x = torch.from_numpy(padded.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
    with torch.no_grad():
        y = network(x)[0].permute(1, 2, 0)[:height, :width]
    return ((y + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


def read(path: Path, channels: int) -> np.ndarray:
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture).convert("L" if channels == 1 else "RGB")
    array = np.asarray(upright)
    return array[:, :, None] if channels == 1 else array


def compare(
    description: Description, network: torch.nn.Module, direction: str, inputs: Path, outputs: Path
) -> bool:
    """Whether all pictures agree; says so for each."""
    generator = description["generator"]
    channels = [generator["inputChannels"], generator["outputChannels"]]
    if direction == "BA":
        channels.reverse()
    multiple = 4 if generator["kind"] == "resnet" else 2 ** generator["blocks"]
    agrees, compared = True, 0
    for path in sorted(p for p in inputs.rglob("*") if p.suffix.lower() in FORMATS):
        name = path.relative_to(inputs)
        written = outputs / name
        if not written.exists():
            print(f"{name}: missing in {outputs}")
            agrees = False
            continue
        with Image.open(written) as picture:
            if picture.format != "PNG":
                print(f"{name}: left out, {picture.format} does not give back what was written")
                continue
        expected = translate(network, read(path, channels[0]), multiple).astype(int)
        difference = np.abs(expected - read(written, channels[1]))
        compared += 1
        agrees &= bool(difference.max() <= ALLOWED_GREY_LEVELS)
        share = np.mean(difference > 0)
        print(f"{name}: at most {difference.max()} grey levels apart, in {share:.3%} of samples")
    print(f"{compared} pictures compared: {'they agree' if agrees and compared else 'FAILED'}")
    return agrees and compared > 0


def write_random(arguments: argparse.Namespace) -> None:
    """A model with weights and biases N(0, 0.02), both directions."""
    generator = {
        "kind": arguments.kind, "blocks": arguments.blocks, "filters": arguments.filters,
        "inputChannels": 3, "outputChannels": 3, "norm": "instance",
        "padding": "reflect" if arguments.kind == "resnet" else "zero",
        "upsampling": "transposed", "dropout": False,
    }  # fmt: skip
    description = {"version": 1, "domains": {"a": "A", "b": "B"}, "generator": generator}
    torch.manual_seed(arguments.seed)
    tensors = {}
    for direction in ("AB", "BA"):
        for key, value in build(generator, direction).state_dict().items():
            tensors[f"generator{direction}.{key}"] = torch.randn(value.shape) * 0.02
    metadata = {"format": "pt", "cyclegan": json.dumps(description)}
    save_file(tensors, arguments.write_random, metadata)
    print(f"{arguments.write_random}: random weights, seed {arguments.seed}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, nargs="?", help="a model file")
    parser.add_argument("input", type=Path, nargs="?", help="folder of pictures")
    parser.add_argument("output", type=Path, nargs="?", help="folder of their translations")
    parser.add_argument("--to", default="B", help="domain of the translations (default: B)")
    parser.add_argument("--write-random", type=Path, metavar="MODEL", help="write a model instead")
    parser.add_argument("--kind", choices=["resnet", "unet"], default="resnet")
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if (arguments.model is None) == (arguments.write_random is None):
        parser.error("name a model file, or --write-random MODEL")
    if (arguments.input is None) != (arguments.output is None):
        parser.error("name the folder of the pictures and that of their translations")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    if arguments.write_random:
        write_random(arguments)
        return
    try:
        description, networks = load(arguments.model)
    except (OSError, SafetensorError, RuntimeError) as error:
        sys.exit(f"{arguments.model} cannot be loaded: {error}")
    for direction in networks:
        print(f"{arguments.model}: generator{direction} loads with strict=True")
    if not networks:
        sys.exit(f"{arguments.model} holds no generator.")
    if arguments.input:
        direction = direction_to(arguments.to, description)
        if direction not in networks:
            sys.exit(f"{arguments.model} has no generator{direction}. Choose the other --to.")
        network = networks[direction]
        if not compare(description, network, direction, arguments.input, arguments.output):
            sys.exit(1)


if __name__ == "__main__":
    main()
