#!/usr/bin/env python3
"""Records what Pillow, OpenCV and albumentations make of a picture, for AugmentationTests.

    python3 -m venv /tmp/goldens
    /tmp/goldens/bin/pip install 'pillow<13' numpy opencv-python-headless albumentations==2.0.8
    /tmp/goldens/bin/python Scripts/record-augmentation-goldens.py [folder]

Every golden is NAME.png. `goldens.json` says for each which operation, with which options and what
drawn, must give it, who made it, and from which picture: `source.png` has hard edges; `smooth.png`
is for peers whose steps between pixels are coarse (OpenCV counts 32 of them).
"""

from __future__ import annotations

import io
import json
import math
import pathlib
import sys
from typing import Any

import albumentations as A
import cv2
import numpy as np
from PIL import Image, ImageEnhance, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
DEFAULT = HERE.parent / "Tests" / "AugmentationTests" / "Goldens"
WIDTH, HEIGHT = 48, 36


def edges(seed: int) -> np.ndarray:
    """A smooth picture with hard edges and some noise, so that clamping is exercised."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    planes = []
    for channel in range(3):
        plane = 120 + 90 * np.sin(x / (5 + channel) + seed + channel) * np.cos(y / (7 - channel))
        plane[(x.astype(int) // 9 + y.astype(int) // 7) % 5 == channel] = 250 * (channel % 2)
        planes.append(plane + random.normal(0, 5, plane.shape))
    return np.clip(np.stack(planes, -1), 0, 255).round().astype(np.uint8)


def smooth() -> np.ndarray:
    """Neighbours differ by six levels at most."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    waves = [np.sin(x / 20 + c) * np.cos(y / (17 + 3 * c)) for c in range(3)]
    return np.stack([127 + 110 * wave for wave in waves], -1).round().astype(np.uint8)


class Recorder:
    """Writes goldens and collects what is known about them."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.cases: list[dict[str, Any]] = []
        self.pictures = {"source": edges(1), "smooth": smooth(), "reference/picture": edges(4)}
        (folder / "reference").mkdir(parents=True, exist_ok=True)
        for name, pixels in self.pictures.items():
            self.save(name, pixels)

    def save(self, name: str, pixels: np.ndarray) -> None:
        Image.fromarray(pixels).save(self.folder / f"{name}.png", optimize=True)

    def add(
        self, name: str, peer: str, result: np.ndarray | Image.Image, operation: str,
        drawn: Any = None, source: str = "source", margin: int = 0, **options: Any,
    ) -> None:  # fmt: skip
        """A golden; what comes from `margin` pixels along the borders is not compared."""
        self.save(name, np.asarray(result))
        self.cases.append({
            "name": name, "peer": peer, "source": source, "margin": margin,
            "applied": {"operation": operation, "options": options, "drawn": drawn or {}},
        })  # fmt: skip


def turns(to: Recorder, source: np.ndarray) -> None:
    image = Image.fromarray(source)
    codes = Image.Transpose
    to.add("mirror", "Pillow", image.transpose(codes.FLIP_LEFT_RIGHT), "HorizontalFlip")
    to.add("flip", "Pillow", image.transpose(codes.FLIP_TOP_BOTTOM), "VerticalFlip")
    to.add("transpose", "Pillow", image.transpose(codes.TRANSPOSE), "Transpose")
    clockwise = [codes.ROTATE_270, codes.ROTATE_180, codes.ROTATE_90]
    for quarter_turns, code in enumerate(clockwise, 1):
        to.add(f"turn-{quarter_turns}", "Pillow", image.transpose(code), "RandomRotate90",
               {"quarterTurns": quarter_turns})  # fmt: skip


def sizes(to: Recorder, source: np.ndarray) -> None:
    image = Image.fromarray(source)
    methods = {"nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR,
               "bicubic": Image.Resampling.BICUBIC}  # fmt: skip
    for method, code in methods.items():
        to.add(f"resize-{method}", "Pillow", image.resize((32, 40), code), "Resize",
               width=32, height=40, resampling=method)  # fmt: skip
    bicubic = methods["bicubic"]
    to.add("shorter-side", "Pillow", image.resize((32, 24), bicubic), "SmallestMaxSize", size=24)
    to.add("longer-side", "Pillow", image.resize((64, 48), bicubic), "LongestMaxSize", size=64)
    to.add("middle", "albumentations", A.CenterCrop(19, 30)(image=source)["image"], "CenterCrop",
           width=30, height=19)  # fmt: skip
    part = image.crop((12, 9, 36, 27)).resize((30, 30), methods["bilinear"])
    to.add("resized-crop", "Pillow", part, "RandomResizedCrop",
           {"x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5},
           width=30, height=30)  # fmt: skip
    borders = {"fill": cv2.BORDER_CONSTANT, "edge": cv2.BORDER_REPLICATE,
               "reflect": cv2.BORDER_REFLECT_101}  # fmt: skip
    for border, code in borders.items():
        pad = A.PadIfNeeded(47, 61, border_mode=code, fill=70)
        to.add(f"pad-{border}", "albumentations", pad(image=source)["image"], "PadIfNeeded",
               width=61, height=47, border=border, fill=70)  # fmt: skip
    small = image.resize((WIDTH // 2, HEIGHT // 2), methods["bilinear"])
    to.add("downscale", "Pillow", small.resize((WIDTH, HEIGHT), methods["bilinear"]), "Downscale",
           {"scale": 0.5})  # fmt: skip


def projected(source: np.ndarray, forward: np.ndarray) -> Image.Image:
    """Pillow wants the way back, and counts from corners, as the matrix does."""
    back = np.linalg.inv(forward)
    back /= back[2, 2]
    affine = abs(back[2, :2]).max() < 1e-12
    code = Image.Transform.AFFINE if affine else Image.Transform.PERSPECTIVE
    return Image.fromarray(source).transform(
        (WIDTH, HEIGHT), code, back.ravel()[: 6 if affine else 8], Image.Resampling.BILINEAR
    )


def shift(x: float, y: float) -> np.ndarray:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)


def turn(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])


def projections(to: Recorder, source: np.ndarray, soft: np.ndarray) -> None:
    to_middle, from_middle = shift(-WIDTH / 2, -HEIGHT / 2), shift(WIDTH / 2, HEIGHT / 2)
    for degrees in (17.5, -90, 140):
        forward = from_middle @ turn(degrees) @ to_middle
        to.add(f"rotate{degrees:+g}", "Pillow", projected(source, forward), "Rotate",
               {"degrees": degrees}, margin=2)  # fmt: skip
    rotate = A.Rotate((25, 25), border_mode=cv2.BORDER_REFLECT_101, p=1)
    to.add("rotate-reflect", "albumentations", rotate(image=soft)["image"], "Rotate",
           {"degrees": 25}, "smooth", 2, border="reflect")  # fmt: skip

    scale, aspect, degrees, lean_x, lean_y, right, down = 1.2, 1.1, 12, 8, -5, 0.05, -0.1
    stretch = math.sqrt(aspect)
    shape = (
        turn(degrees)
        @ np.array([[1, math.tan(math.radians(lean_x)), 0],
                    [math.tan(math.radians(lean_y)), 1, 0], [0, 0, 1]])
        @ np.diag([scale * stretch, scale / stretch, 1])
    )  # fmt: skip
    forward = shift(right * WIDTH, down * HEIGHT) @ from_middle @ shape @ to_middle
    drawn = {"scale": scale, "aspect": aspect, "rotate": degrees, "shearX": lean_x,
             "shearY": lean_y, "translateX": right, "translateY": down}  # fmt: skip
    to.add("affine", "Pillow", projected(source, forward), "Affine", drawn, margin=2)
    # albumentations shifts by whole pixels.
    right, down = 4, -2
    warped = A.Affine(
        scale=(0.8, 0.8), rotate=(20, 20), translate_px={"x": (right, right), "y": (down, down)},
        border_mode=cv2.BORDER_REPLICATE, p=1,
    )  # fmt: skip
    to.add("affine-edge", "albumentations", warped(image=soft)["image"], "Affine",
           drawn | {"scale": 0.8, "aspect": 1, "rotate": 20, "shearX": 0, "shearY": 0,
                    "translateX": right / WIDTH, "translateY": down / HEIGHT},
           "smooth", 2, border="edge")  # fmt: skip

    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    x, y = [0.1, -0.05, -0.1, 0.02], [0.05, 0.1, -0.02, -0.1]
    moved = corners + np.stack([np.array(x) * WIDTH, np.array(y) * HEIGHT], -1)
    forward = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    to.add("perspective", "Pillow", projected(source, forward), "Perspective",
           {"x": x, "y": y}, margin=2)  # fmt: skip


def distortions(to: Recorder, soft: np.ndarray) -> None:
    """A grid of lines that are stretched, as OpenCV's remap shows it."""
    across, down = [0.3, 0.1, 0.25, 0.15, 0.2], [0.15, 0.3, 0.2, 0.15, 0.2]

    def places(shares: list[float], length: int) -> np.ndarray:
        ends = np.linspace(0, length, len(shares) + 1)
        bounds = np.concatenate([[0], np.cumsum(shares)]) * length
        return np.interp(np.arange(length) + 0.5, ends, bounds) - 0.5

    x, y = np.meshgrid(places(across, WIDTH), places(down, HEIGHT))
    result = cv2.remap(soft, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    to.add("grid", "OpenCV", result, "GridDistortion",
           {"columns": across, "rows": down}, "smooth")  # fmt: skip


def levels(to: Recorder, source: np.ndarray) -> None:
    image = Image.fromarray(source)
    brighter = A.RandomBrightnessContrast((0.12, 0.12), (-0.3, -0.3), p=1)
    to.add("brightness-contrast", "albumentations", brighter(image=source)["image"],
           "RandomBrightnessContrast", {"brightness": 0.12, "contrast": -0.3})  # fmt: skip
    gamma = A.RandomGamma((150, 150), p=1)
    to.add("gamma", "albumentations", gamma(image=source)["image"], "RandomGamma", {"gamma": 1.5})
    to.add("grey", "Pillow", image.convert("L").convert("RGB"), "ToGray")
    equal = A.Equalize(mode="cv", p=1)
    to.add("equalize", "albumentations", equal(image=source)["image"], "Equalize")
    to.add("posterize", "Pillow", ImageOps.posterize(image, 3), "Posterize", {"bits": 3})
    to.add("solarize", "Pillow", ImageOps.solarize(image, 128), "Solarize", {"threshold": 0.5})
    to.add("range", "Pillow", ImageOps.autocontrast(Image.fromarray(source // 2 + 30)), "Normalize",
           source="dim", method="range", perChannel=True)  # fmt: skip
    to.save("dim", source // 2 + 30)
    to.add("shuffle", "numpy", source[..., [2, 0, 1]], "ChannelShuffle", {"order": [2, 0, 1]})
    plane = np.asarray(image.convert("L"))
    local = cv2.createCLAHE(clipLimit=2.5, tileGridSize=(4, 4)).apply(plane)
    to.save("plane", plane)
    to.add("clahe", "OpenCV", local, "CLAHE", {"clip": 2.5}, "plane", tiles=4)
    gained = source + (local.astype(int) - plane)[..., None]
    to.add("clahe-colour", "OpenCV on Pillow's grey", gained.clip(0, 255).astype(np.uint8), "CLAHE",
           {"clip": 2.5}, tiles=4)  # fmt: skip


def colours(to: Recorder, source: np.ndarray) -> None:
    image = Image.fromarray(source)
    enhancers = {"brightness": (ImageEnhance.Brightness, 1.3),
                 "contrast": (ImageEnhance.Contrast, 0.6),
                 "saturation": (ImageEnhance.Color, 1.7)}  # fmt: skip
    for quality, (enhancer, factor) in enhancers.items():
        to.add(f"jitter-{quality}", "Pillow", enhancer(image).enhance(factor), "ColorJitter",
               [{"quality": quality, "amount": factor}])  # fmt: skip

    def shifted(hue: float, saturation: float, value: float) -> np.ndarray:
        """OpenCV's floating-point HSV, which does not round in between."""
        hsv = cv2.cvtColor(source.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
        grey = hsv[..., 1] == 0
        hsv[..., 0] = (hsv[..., 0] + hue) % 360
        hsv[..., 1] = np.where(grey, 0, np.clip(hsv[..., 1] + saturation, 0, 1))
        hsv[..., 2] = np.clip(hsv[..., 2] + value, 0, 1)
        return (cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255).round().astype(np.uint8)

    to.add("jitter-hue", "OpenCV", shifted(54, 0, 0), "ColorJitter",
           [{"quality": "hue", "amount": 0.15}])  # fmt: skip
    to.add("hsv", "OpenCV", shifted(-75, 0.2, -0.1), "HueSaturationValue",
           {"hue": -75, "saturation": 0.2, "value": -0.1})  # fmt: skip


def neighbourhoods(to: Recorder, source: np.ndarray) -> None:
    for sigma in (0.7, 1.8):
        blurred = cv2.GaussianBlur(source, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
        to.add(f"blur-{sigma}", "OpenCV", blurred, "GaussianBlur", {"sigma": sigma})
    for angle, shape in ((0, (1, 7)), (90, (7, 1))):
        line = cv2.filter2D(source, -1, np.full(shape, 1 / 7), borderType=cv2.BORDER_REFLECT_101)
        to.add(f"motion-{angle}", "OpenCV", line, "MotionBlur", {"length": 7, "angle": angle})
    sharp = A.Sharpen((0.4, 0.4), (0.8, 0.8), method="kernel", p=1)
    to.add("sharpen", "albumentations", sharp(image=source)["image"], "Sharpen",
           {"alpha": 0.4, "lightness": 0.8})  # fmt: skip
    file = io.BytesIO()
    Image.fromarray(source).save(file, "JPEG", quality=40)
    to.add("compression", "Pillow", Image.open(file), "ImageCompression", {"quality": 40})


def fourier_adapted(source: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """As the paper has it, arXiv:2004.05498; albumentations leaves out the window's last row."""
    spectrum, target = (
        np.fft.fftshift(np.fft.fft2(pixels.astype(float), axes=(0, 1)), axes=(0, 1))
        for pixels in (source, other)
    )
    amplitude, phase = np.abs(spectrum), np.angle(spectrum)
    reach, row, column = int(min(HEIGHT, WIDTH) * share), HEIGHT // 2, WIDTH // 2
    window = np.s_[row - reach : row + reach + 1, column - reach : column + reach + 1]
    amplitude[window] = np.abs(target)[window]
    changed = np.fft.ifftshift(amplitude * np.exp(1j * phase), axes=(0, 1))
    levels = np.real(np.fft.ifft2(changed, axes=(0, 1)))
    return levels.clip(0, 255).round().astype(np.uint8)


def between_domains(to: Recorder, source: np.ndarray) -> None:
    other = to.pictures["reference/picture"]
    here = {"folder": "reference"}
    drawn = {"picture": 0, "amount": 0.75}
    matched = A.HistogramMatching(blend_ratio=(0.75, 0.75), p=1)(
        image=source, hm_metadata=[other]
    )["image"]
    to.add("histograms", "albumentations", matched, "HistogramMatching", drawn, **here)
    adapted = fourier_adapted(source, other, 0.1)
    to.add("fda", "numpy's transforms", adapted, "FDA", {"picture": 0, "amount": 0.1}, **here)
    mixed = cv2.addWeighted(source, 0.75, other, 0.25, 0)
    to.add("mixup", "OpenCV", mixed, "Mixup", {"picture": 0, "amount": 0.25}, **here)
    pasted = source.copy()
    pasted[9:27, 6:30] = other[9:27, 6:30]
    to.add("cutmix", "numpy", pasted, "CutMix",
           {"picture": 0, "part": [0.125, 0.25, 0.5, 0.5]}, **here)  # fmt: skip
    holed = source.copy()
    holed[9:27, 6:30] = 40
    to.add("dropout", "numpy", holed, "CoarseDropout", {"holes": [[0.125, 0.25, 0.5, 0.5]]},
           fill=40)  # fmt: skip


def main() -> None:
    to = Recorder(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
    source, soft = to.pictures["source"], to.pictures["smooth"]
    turns(to, source)
    sizes(to, source)
    projections(to, source, soft)
    distortions(to, soft)
    levels(to, source)
    colours(to, source)
    neighbourhoods(to, source)
    between_domains(to, source)
    lines = ",\n".join(json.dumps(case) for case in to.cases)
    (to.folder / "goldens.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
