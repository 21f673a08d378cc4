"""The peers of compare-with-pytorch.py, each in a process of its own.

    compare_peer.py inference|training-step|dcgan-step --engine eager|compile|openvino --size 256 …
    compare_peer.py loader --picture FILE.jpg --size 256
        gets ready, runs the work once, and writes a line of JSON about itself; then answers each
        number on standard input with the milliseconds of so many repetitions
    compare_peer.py first-picture --model MODEL --picture FILE --output FILE
        translates one picture, as a user's shortest script would
    compare_peer.py jpeg --picture FILE --output FILE
        writes a picture as JPEG
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Work = Callable[[], object]

SHORT_SECONDS = 0.02
"""A repetition of short work runs it as often as fits into this, as `cyclegan benchmark` does."""
SAME_ANSWER = 1e-3
"""How far an optimized network's pixels, in -1...1, may be from eager's."""


def inference(arguments: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    """One generator, one picture, nothing remembered for gradients."""
    import torch

    from reference_networks import ResNetGenerator

    about = torch_settings(arguments)
    network = ResNetGenerator(filters=arguments.filters, blocks=arguments.blocks).eval()
    draw(network)
    picture = torch.rand(1, 3, arguments.size, arguments.size) * 2 - 1
    engines = {"eager": eager, "compile": compiled, "openvino": openvino}
    with torch.inference_mode():
        run, versions = engines[arguments.engine](network, picture, arguments)
        if arguments.engine != "eager":
            distance = float(abs(torch.as_tensor(run()) - network(picture)).max())
            if not distance <= SAME_ANSWER:  # so that NaN fails
                sys.exit(f"{arguments.engine} is {distance} off eager's pixels: not a peer.")
    return run, about | versions


def eager(network: Any, picture: Any, _: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    import torch

    def run() -> object:
        with torch.inference_mode():
            return network(picture)

    return run, {}


def compiled(network: Any, picture: Any, _: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    """Inductor with frozen weights, which it may then lay out as it likes."""
    import torch
    import torch._inductor.config as inductor

    inductor.freezing = True
    return eager(torch.compile(network), picture, _)


def openvino(
    network: Any, picture: Any, arguments: argparse.Namespace
) -> tuple[Work, dict[str, Any]]:
    import openvino as ov

    converted = ov.convert_model(network, example_input=picture)
    converted.reshape(list(picture.shape))
    settings = {
        "INFERENCE_NUM_THREADS": arguments.threads, "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
    }  # fmt: skip
    model = ov.Core().compile_model(converted, "CPU", settings)
    information = [node.get_rt_info() for node in model.get_runtime_model().get_ops()]
    kinds = {
        f"{entry['layerType'].value} {entry['primitiveType'].value}"
        for entry in information
        if "primitiveType" in entry and "avx" in str(entry["primitiveType"].value)
    }
    array = picture.numpy()
    return lambda: model(array)[0], {"openvino": ov.__version__, "kernels": sorted(kinds)}


def training_step(arguments: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    """The whole reference step: identity losses, pools, four networks, both Adams."""
    import torch

    from reference_networks import PatchDiscriminator, ResNetGenerator
    from reference_training import CycleGAN, Options, StepInput

    about = torch_settings(arguments)
    networks = {}
    for letter in ("AB", "BA"):
        networks["generator" + letter] = ResNetGenerator(
            filters=arguments.filters, blocks=arguments.blocks
        )
    for letter in ("A", "B"):
        networks["discriminator" + letter] = PatchDiscriminator(filters=arguments.filters)
    for network in networks.values():
        draw(network)
    training = CycleGAN(networks, Options(mode="lsgan", pool_size=50))
    shape = (1, 3, arguments.size, arguments.size)
    real_a, real_b = torch.rand(shape) * 2 - 1, torch.rand(shape) * 2 - 1
    given = StepInput(real_a, real_b, [-1], [-1], torch.zeros(1), torch.zeros(1))
    return lambda: training.step(given), about


def dcgan_step(arguments: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    """One step of DCGAN: 64 pictures of 64 x 64, both networks, both Adams."""
    import torch

    from reference_families import Discriminator, Game, Generator, Turn

    about = torch_settings(arguments)
    batch, size, channels, latent = 64, 64, 3, 100
    network = {
        "kind": "convolutional", "width": arguments.filters, "norm": "batch", "classes": 0,
        "embedding": None, "isSpectral": False,
    }  # fmt: skip
    networks = Generator(network, [size, channels], latent), Discriminator(network, [size, channels])
    for one in networks:
        draw(one)
    options = {"loss": "vanilla", "smoothing": 0, "learningRate": 2e-4, "beta1": 0.5, "beta2": 0.999}
    game = Game(*networks, options)
    real = torch.rand(batch, channels, size, size) * 2 - 1
    none = torch.zeros(batch, dtype=torch.long)
    return lambda: game.step([Turn(real, none, torch.randn(batch, latent), torch.zeros(batch))]), about


def torch_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    import torch

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    return {"torch": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}


def draw(network: Any) -> None:
    """The reference's first weights: N(0, 0.02), biases 0."""
    import torch

    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            else:
                parameter.normal_(0, 0.02)


def loader(arguments: argparse.Namespace) -> tuple[Work, dict[str, Any]]:
    """Decode, scale to the load size (286 for 256), crop at random, flip by chance."""
    import PIL
    from PIL import Image

    data = arguments.picture.read_bytes()
    size = arguments.size
    load_size = (size * 286 + 128) // 256

    def run() -> object:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        picture = picture.resize((load_size, load_size), Image.Resampling.BICUBIC)
        x, y = random.randint(0, load_size - size), random.randint(0, load_size - size)
        picture = picture.crop((x, y, x + size, y + size))
        if random.random() < 0.5:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return picture

    return run, {"pillow": PIL.__version__}


def first_picture(arguments: argparse.Namespace) -> None:
    import numpy as np
    import torch
    from PIL import Image
    from safetensors.torch import load_file

    from reference_networks import ResNetGenerator

    torch.set_num_threads(arguments.threads)
    prefix = "generatorAB."
    state = {
        name.removeprefix(prefix): tensor
        for name, tensor in load_file(arguments.model).items()
        if name.startswith(prefix)
    }
    network = ResNetGenerator(filters=arguments.filters, blocks=arguments.blocks).eval()
    network.load_state_dict(state)
    picture = np.asarray(Image.open(arguments.picture).convert("RGB"))
    x = torch.from_numpy(picture.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
    with torch.inference_mode():
        y = network(x)[0].permute(1, 2, 0)
    levels = ((y + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()
    Image.fromarray(levels).save(arguments.output)


def jpeg(arguments: argparse.Namespace) -> None:
    from PIL import Image

    Image.open(arguments.picture).convert("RGB").save(arguments.output, "JPEG", quality=92)


def milliseconds(work: Work, runs: int) -> float:
    start = time.perf_counter()
    for _ in range(runs):
        work()
    return 1000 * (time.perf_counter() - start) / runs


def answer_requests(work: Work, about: dict[str, Any], threads: int) -> None:
    work()
    runs = max(1, int(1000 * SHORT_SECONDS / milliseconds(work, 1)))
    print(json.dumps(about | {"threads": threads}), flush=True)
    for line in sys.stdin:
        times = [milliseconds(work, runs) for _ in range(int(line))]
        print(json.dumps(times), flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    works = ["inference", "training-step", "dcgan-step", "loader", "first-picture", "jpeg"]
    parser.add_argument("work", choices=works)
    parser.add_argument("--engine", choices=["eager", "compile", "openvino"], default="eager")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--output", type=Path)
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    if arguments.work in ("first-picture", "jpeg"):
        {"first-picture": first_picture, "jpeg": jpeg}[arguments.work](arguments)
        return
    # Libraries write to standard output as they like; the answers have it for themselves.
    answers = os.dup(1)
    os.dup2(2, 1)
    works = {
        "inference": inference, "training-step": training_step, "dcgan-step": dcgan_step,
        "loader": loader,
    }  # fmt: skip
    work, about = works[arguments.work](arguments)
    sys.stdout = os.fdopen(answers, "w")
    answer_requests(work, about, arguments.threads)


if __name__ == "__main__":
    main()
