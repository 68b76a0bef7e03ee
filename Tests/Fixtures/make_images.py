"""Makes Tests/Fixtures/images: small files of every kind and, beside each, the pixels that Pillow reads from it.

    python Tests/Fixtures/make_images.py        needs pillow and numpy
"""
import io, os, struct, zlib
import numpy as np
from PIL import Image, ImageOps

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")
os.makedirs(here, exist_ok=True)
rng = np.random.default_rng(1)
y, x = np.mgrid[0:10, 0:14]
rgb = np.stack([x * 17, y * 25, (x + y) * 10], -1).astype(np.uint8)
picture = Image.fromarray(rgb)


def white(image):
    """Transparent pixels over white, as mdm lays them."""
    a = np.asarray(image.convert("RGBA")).astype(int)
    alpha = a[..., 3:]
    return ((a[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def keep(name, data, pixels=None):
    open(os.path.join(here, name), "wb").write(data)
    if pixels is None:
        image = Image.open(io.BytesIO(data))
        image = ImageOps.exif_transpose(image)
        pixels = white(image) if "A" in image.getbands() or "transparency" in image.info else np.asarray(image.convert("RGB"))
    h, w, _ = pixels.shape
    open(os.path.join(here, name + ".rgb"), "wb").write(struct.pack("<HH", w, h) + pixels.tobytes())


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(w, h, depth, color, rows, extra=b"", interlace=0):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, color, 0, 0, interlace)) + extra
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


alpha = np.dstack([rgb, (x * 18).astype(np.uint8)])
keep("rgb.png", saved(picture, "PNG"))
keep("alpha.png", saved(Image.fromarray(alpha), "PNG"))
keep("gray.png", saved(picture.convert("L"), "PNG"))
keep("palette.png", saved(picture.quantize(16), "PNG"))
keep("transparent-palette.png", saved(picture.quantize(8), "PNG", transparency=3))
keep("one-bit.png", saved(picture.convert("1"), "PNG"))
wide = (rgb.astype(np.uint16) * 257 - 3).clip(0).astype(">u2")
keep("16-bit.png", png(14, 10, 16, 2, b"".join(b"\0" + row.tobytes() for row in wide)), (wide >> 8).astype(np.uint8))


def interlaced(pixels):
    rows = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = pixels[y0::dy, x0::dx]
        rows += b"".join(b"\0" + row.tobytes() for row in part)
    return rows


keep("interlaced.png", png(14, 10, 8, 2, interlaced(rgb), interlace=1))
keep("one-pixel.png", saved(Image.new("RGB", (1, 1), (7, 8, 9)), "PNG"))
frames = [picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
keep("animated.png", saved(picture, "PNG", save_all=True, append_images=frames[1:]), rgb)
big = Image.fromarray(np.kron(rgb, np.ones((3, 3, 1), np.uint8)))
for name, options in {
    "baseline": {}, "progressive": {"progressive": True}, "444": {"subsampling": 0}, "422": {"subsampling": 1},
}.items():
    keep(name + ".jpg", saved(big, "JPEG", quality=85, **options))
keep("gray.jpg", saved(big.convert("L"), "JPEG"))
keep("cmyk.jpg", saved(big.convert("CMYK"), "JPEG", quality=90))
for turn in range(2, 9):
    exif = Image.Exif()
    exif[0x0112] = turn
    keep(f"turn-{turn}.jpg", saved(picture, "JPEG", quality=95, exif=exif))
exif = Image.Exif()
exif[0x0112] = 6
keep("turn-6.png", saved(picture, "PNG", exif=exif))
keep("turn-8.webp", saved(picture, "WEBP", lossless=True, exif=exif))
keep("lossy.webp", saved(big, "WEBP", quality=80))
keep("lossless.webp", saved(picture, "WEBP", lossless=True))
keep("alpha.webp", saved(Image.fromarray(alpha), "WEBP", lossless=True, exact=True))
keep("lossy-alpha.webp", saved(Image.fromarray(alpha), "WEBP", quality=90, exact=True))
keep("animated.webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True), rgb)
keep("still.gif", saved(picture, "GIF"))
keep("animated.gif", saved(frames[0].quantize(16), "GIF", save_all=True, append_images=[f.quantize(16) for f in frames[1:]]))
large = Image.fromarray(rng.integers(0, 256, (37, 53, 3), np.uint8))
keep("noise.png", saved(large, "PNG"))
# Pillow 13 passes over the columns first in the last two.
for w, h in [(20, 61), (27, 19), (53, 18), (50, 7), (80, 5)]:
    small = np.asarray(large.resize((w, h), Image.BICUBIC))
    open(os.path.join(here, f"noise-{w}x{h}.rgb"), "wb").write(struct.pack("<HH", w, h) + small.tobytes())

open(os.path.join(here, "bomb.png"), "wb").write(png(1, 1, 8, 2, bytes(10_000_000)))
