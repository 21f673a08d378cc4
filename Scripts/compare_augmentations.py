"""The operations that cyclegan and albumentations both have, and albumentations' side of the race.

    compare_augmentations.py operations --picture FILE
        gets ready and writes a line of JSON about itself; then answers each line `NAME REPEATS` on
        standard input with the milliseconds of so many repetitions of that operation
    compare_augmentations.py folder --input FOLDER --output FOLDER --workers 2
        decodes, augments as the preset `strong` does, and encodes every picture
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compare_peer import SHORT_SECONDS, milliseconds

QUALITY = 92
"""Of JPEG files, as `cyclegan augment` writes them."""


@dataclass(frozen=True)
class Operation:
    """One operation: its options in a recipe, and the transform of albumentations that does it."""

    name: str
    options: dict[str, Any]
    peer: Callable[[Any, Any], Any]

    @property
    def recipe(self) -> str:
        return json.dumps([{self.name: self.options}])


OPERATIONS = [
    Operation("HorizontalFlip", {}, lambda A, cv2: A.HorizontalFlip(p=1)),
    Operation("VerticalFlip", {}, lambda A, cv2: A.VerticalFlip(p=1)),
    Operation("RandomRotate90", {}, lambda A, cv2: A.RandomRotate90(p=1)),
    Operation("Transpose", {}, lambda A, cv2: A.Transpose(p=1)),
    Operation(
        "Resize", {"width": 224, "height": 224, "resampling": "bilinear"},
        lambda A, cv2: A.Resize(224, 224, interpolation=cv2.INTER_AREA),
    ),
    Operation(
        "SmallestMaxSize", {"size": 384, "resampling": "bilinear"},
        lambda A, cv2: A.SmallestMaxSize(384, interpolation=cv2.INTER_AREA),
    ),
    Operation(
        "LongestMaxSize", {"size": 768, "resampling": "bicubic"},
        lambda A, cv2: A.LongestMaxSize(768, interpolation=cv2.INTER_CUBIC),
    ),
    Operation("RandomCrop", {"width": 256, "height": 256}, lambda A, cv2: A.RandomCrop(256, 256)),
    Operation("CenterCrop", {"width": 256, "height": 256}, lambda A, cv2: A.CenterCrop(256, 256)),
    Operation(
        "RandomResizedCrop", {"width": 256, "height": 256},
        lambda A, cv2: A.RandomResizedCrop((256, 256)),
    ),
    Operation(
        "PadIfNeeded", {"width": 640, "height": 640, "border": "reflect"},
        lambda A, cv2: A.PadIfNeeded(640, 640, border_mode=cv2.BORDER_REFLECT_101),
    ),
    Operation(
        "Affine", {"scale": [0.8, 1.2], "rotate": 15, "shear": 5, "translate": 0.1},
        lambda A, cv2: A.Affine(
            scale=(0.8, 1.2), rotate=(-15, 15), shear=(-5, 5), translate_percent=(-0.1, 0.1), p=1
        ),
    ),
    Operation("Rotate", {"limit": 90}, lambda A, cv2: A.Rotate(limit=90, p=1)),
    Operation("Perspective", {"scale": [0.05, 0.1]}, lambda A, cv2: A.Perspective((0.05, 0.1), p=1)),
    Operation(
        "ElasticTransform", {"amount": 0.2},
        lambda A, cv2: A.ElasticTransform(alpha=300, sigma=20, p=1),
    ),
    Operation("GridDistortion", {"limit": 0.3}, lambda A, cv2: A.GridDistortion(5, 0.3, p=1)),
    Operation(
        "CoarseDropout", {"count": [1, 8], "size": [0.05, 0.15]},
        lambda A, cv2: A.CoarseDropout((1, 8), (0.05, 0.15), (0.05, 0.15), p=1),
    ),
    Operation(
        "RandomBrightnessContrast", {}, lambda A, cv2: A.RandomBrightnessContrast(0.2, 0.2, p=1)
    ),
    Operation("ColorJitter", {}, lambda A, cv2: A.ColorJitter(0.2, 0.2, 0.2, 0.05, p=1)),
    Operation("HueSaturationValue", {}, lambda A, cv2: A.HueSaturationValue(10, 30, 20, p=1)),
    Operation("RandomGamma", {"gamma": [0.8, 1.2]}, lambda A, cv2: A.RandomGamma((80, 120), p=1)),
    Operation("ToGray", {}, lambda A, cv2: A.ToGray(p=1)),
    Operation("CLAHE", {"clip": [1, 4]}, lambda A, cv2: A.CLAHE((1, 4), (8, 8), p=1)),
    Operation("Equalize", {}, lambda A, cv2: A.Equalize(p=1)),
    Operation("Posterize", {"bits": 4}, lambda A, cv2: A.Posterize(4, p=1)),
    Operation("Solarize", {"threshold": 0.5}, lambda A, cv2: A.Solarize((0.5, 0.5), p=1)),
    Operation(
        "GaussianBlur", {"sigma": [0.5, 2]},
        lambda A, cv2: A.GaussianBlur(blur_limit=0, sigma_limit=(0.5, 2), p=1),
    ),
    Operation("MotionBlur", {"length": [3, 9]}, lambda A, cv2: A.MotionBlur((3, 9), p=1)),
    Operation("GaussNoise", {"deviation": [0.02, 0.08]}, lambda A, cv2: A.GaussNoise((0.02, 0.08), p=1)),
    Operation("ISONoise", {}, lambda A, cv2: A.ISONoise(p=1)),
    Operation(
        "ImageCompression", {"quality": [50, 95]},
        lambda A, cv2: A.ImageCompression(quality_range=(50, 95), p=1),
    ),
    Operation(
        "Downscale", {"scale": [0.25, 0.5]},
        lambda A, cv2: A.Downscale(
            (0.25, 0.5), {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}, p=1
        ),
    ),
    Operation("Sharpen", {}, lambda A, cv2: A.Sharpen((0.2, 0.5), (0.5, 1), p=1)),
    Operation("ChannelShuffle", {}, lambda A, cv2: A.ChannelShuffle(p=1)),
]  # fmt: skip
"""With the same strengths on both sides, as far as both know them."""


def strong(A: Any, cv2: Any) -> Any:
    """The preset `strong`, step by step."""
    reflect = {"border_mode": cv2.BORDER_REFLECT_101}
    return A.Compose([
        A.HorizontalFlip(p=0.5),
        A.Affine(scale=(0.7, 1.3), rotate=(-20, 20), shear=(-8, 8), translate_percent=(-0.1, 0.1),
                 p=0.8, **reflect),
        A.OneOf([
            A.Perspective((0.05, 0.15), **reflect),
            A.ElasticTransform(alpha=300, sigma=20, **reflect),
            A.GridDistortion(5, 0.3),
        ], p=0.3),
        A.OneOf([
            A.ColorJitter(0.4, 0.4, 0.5, 0.08, p=1),
            A.RandomBrightnessContrast(0.25, 0.3, p=0.5),
            A.HueSaturationValue(12, 76, 51, p=0.5),
            A.RandomGamma((60, 160), p=0.5),
            A.CLAHE((1, 4), p=0.5),
        ], p=0.9),
        A.ToGray(p=0.05),
        A.OneOf([
            A.GaussianBlur(blur_limit=0, sigma_limit=(0.5, 2)),
            A.MotionBlur((3, 9)),
            A.Sharpen((0.2, 0.5)),
            A.Downscale((0.4, 0.8), {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}),
        ], p=0.4),
        A.OneOf([
            A.GaussNoise((0.02, 0.08)),
            A.ISONoise(),
            A.ImageCompression(quality_range=(40, 90)),
        ], p=0.3),
        A.CoarseDropout((1, 6), (0.05, 0.2), (0.05, 0.2), p=0.3),
    ])  # fmt: skip


def libraries() -> tuple[Any, Any]:
    """albumentations and OpenCV, on one thread."""
    import albumentations
    import cv2

    cv2.setNumThreads(1)
    return albumentations, cv2


def answer_operations(picture: Path) -> None:
    A, cv2 = libraries()
    image = cv2.cvtColor(cv2.imread(str(picture)), cv2.COLOR_BGR2RGB)
    about = {"albumentations": A.__version__, "opencv": cv2.__version__}
    print(json.dumps(about), flush=True)
    by_name = {operation.name: operation.peer for operation in OPERATIONS}
    for line in sys.stdin:
        name, repeats = line.split()
        transform = by_name[name](A, cv2)

        def work() -> object:
            return transform(image=image)["image"]

        work()
        runs = max(1, int(1000 * SHORT_SECONDS / milliseconds(work, 1)))
        print(json.dumps([milliseconds(work, runs) for _ in range(int(repeats))]), flush=True)


def start_worker() -> None:
    global transform
    transform = strong(*libraries())


def augment_file(source: Path, target: Path) -> None:
    import cv2

    image = cv2.cvtColor(cv2.imread(str(source)), cv2.COLOR_BGR2RGB)
    result = cv2.cvtColor(transform(image=image)["image"], cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(target), result, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


def augment_folder(source: Path, target: Path, workers: int) -> None:
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(source.glob("*.jpg"))
    with ProcessPoolExecutor(workers, initializer=start_worker) as pool:
        # Waits for all of them, and raises what they raise.
        list(pool.map(augment_file, files, [target / file.name for file in files], chunksize=4))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", choices=["operations", "folder"])
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--input", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.work == "operations":
        answer_operations(arguments.picture)
    else:
        augment_folder(arguments.input, arguments.output, arguments.workers)


if __name__ == "__main__":
    main()
