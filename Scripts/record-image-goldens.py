#!/usr/bin/env python3
"""Records the pictures that ImagesTests compares with, from Pillow.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install 'pillow<13' numpy
    /tmp/goldens/bin/python Scripts/record-image-goldens.py [folder]

JPEG goldens are a file and, beside it, what Pillow decodes it to. Resampling goldens are named
source-WIDTHxHEIGHT-METHOD.png.
"""

import pathlib
import sys

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
DEFAULT = HERE.parent / "Tests" / "ImagesTests" / "Goldens"
METHODS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}
SIZES = [(59, 47), (41, 47), (59, 31), (17, 12), (5, 90), (1, 1)]


def picture(width, height, channels, seed):
    """A smooth picture with hard edges and some noise, so that clamping is exercised."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    planes = []
    for channel in range(channels):
        plane = 127 + 90 * numpy.sin(x / (4 + channel) + channel) * numpy.cos(y / (6 - channel))
        plane[(x.astype(int) // 9 + y.astype(int) // 7) % 5 == channel] = 255 * (channel % 2)
        planes.append(plane + random.normal(0, 6, plane.shape))
    return numpy.clip(numpy.stack(planes, -1), 0, 255).round().astype(numpy.uint8)


def save_png(image, path):
    image.save(path, optimize=True)


def record_resampling(folder):
    for name, channels in [("colour", 3), ("alpha", 4), ("grey", 1)]:
        pixels = picture(41, 31, channels, seed=channels)
        source = Image.fromarray(pixels.squeeze())
        save_png(source, folder / f"{name}.png")
        for method, code in METHODS.items():
            for width, height in SIZES if name == "colour" else SIZES[:1] + SIZES[3:4]:
                scaled = source.resize((width, height), code)
                save_png(scaled, folder / f"{name}-{width}x{height}-{method}.png")


def record_jpeg(folder):
    colour = Image.fromarray(picture(45, 37, 3, seed=7))
    inks = Image.fromarray(picture(45, 37, 4, seed=8), mode="CMYK")
    grey = colour.convert("L")
    files = {
        "baseline-444": (colour, dict(subsampling=0)),
        "baseline-422": (colour, dict(subsampling=1)),
        "baseline-420": (colour, dict(subsampling=2)),
        "progressive": (colour, dict(progressive=True)),
        "restarts": (colour, dict(restart_marker_blocks=2)),
        "rgb": (colour, dict(keep_rgb=True)),
        "grey": (grey, dict()),
        "grey-progressive": (grey, dict(progressive=True)),
        "cmyk": (inks, dict()),
    }
    for name, (image, options) in files.items():
        image.save(folder / f"{name}.jpg", quality=85, **options)
    # The same inks read as YCCK: only the transform in the Adobe marker differs.
    data = bytearray((folder / "cmyk.jpg").read_bytes())
    data[data.index(b"Adobe") + 11] = 2
    (folder / "ycck.jpg").write_bytes(data)
    for path in sorted(folder.glob("*.jpg")):
        decoded = Image.open(path)
        save_png(decoded if decoded.mode == "L" else decoded.convert("RGB"), path.with_suffix(".jpg.png"))


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    folder.mkdir(parents=True, exist_ok=True)
    record_resampling(folder)
    record_jpeg(folder)


if __name__ == "__main__":
    main()
