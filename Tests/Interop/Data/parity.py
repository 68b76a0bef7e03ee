"""Compares mdm's images with Pillow's and its Parquet with pyarrow and DuckDB, on files made from a seed: parity.py [SEED]."""

# needs: PIL, numpy, pyarrow, duckdb
import io
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageOps

ROOT = pathlib.Path(__file__).resolve().parents[3]
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
is_quick = bool(os.environ.get("QUICK"))
count, rows = (40, 200) if is_quick else (300, 3000)
binary = str(ROOT / ".build/release/data-read")
if not is_quick:
    subprocess.run(["swift", "build", "-c", "release", "--product", "data-read"], cwd=ROOT, check=True, stdout=sys.stderr)
if not os.path.exists(binary):
    print("skipped: swift build -c release --product data-read makes what this asks")
    sys.exit(0)
rng, npr = random.Random(seed), np.random.default_rng(seed)


def over_white(image):
    a = np.asarray(image.convert("RGBA")).astype(int)
    return ((a[..., :3] * a[..., 3:] + 255 * (255 - a[..., 3:]) + 127) // 255).astype(np.uint8)


def fnv(pixels):
    h = 0xCBF29CE484222325
    for b in pixels.tobytes():
        h = ((h ^ b) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def made():
    w, h = rng.randrange(1, 70), rng.randrange(1, 70)
    a = npr.integers(0, 256, (h, w, 4), dtype=np.uint8)
    if rng.random() < 0.5:
        y, x = np.mgrid[0:h, 0:w]
        a = np.stack([x * 3, y * 3, (x + y), np.full_like(x, 200)], -1).astype(np.uint8)
    rgba = Image.fromarray(a)
    rgb = rgba.convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = rng.randrange(1, 9)
    out = io.BytesIO()
    kind = rng.choice(["png", "rgba.png", "p.png", "l.png", "1.png", "jpg", "progressive.jpg", "cmyk.jpg", "l.jpg", "webp", "lossless.webp", "gif"])
    if kind == "png": rgb.save(out, "PNG", exif=exif)
    elif kind == "rgba.png": rgba.save(out, "PNG")
    elif kind == "p.png": rgb.quantize(rng.choice([2, 7, 200])).save(out, "PNG")
    elif kind == "l.png": rgb.convert("L").save(out, "PNG")
    elif kind == "1.png": rgb.convert("1").save(out, "PNG")
    elif kind == "jpg": rgb.save(out, "JPEG", quality=rng.randrange(20, 100), subsampling=rng.randrange(3), exif=exif)
    elif kind == "progressive.jpg": rgb.save(out, "JPEG", progressive=True)
    elif kind == "cmyk.jpg": rgb.convert("CMYK").save(out, "JPEG")
    elif kind == "l.jpg": rgb.convert("L").save(out, "JPEG")
    elif kind == "webp": rgb.save(out, "WEBP", quality=rng.randrange(100), exif=exif)
    elif kind == "lossless.webp": rgba.save(out, "WEBP", lossless=True, exact=True)
    else: rgb.save(out, "GIF")
    return kind, out.getvalue()


def images(folder):
    wanted = {}
    for i in range(count):
        kind, data = made()
        path = os.path.join(folder, "train", f"{i % 3}", f"{i}.{kind}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").write(data)
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        pixels = over_white(image) if "A" in image.getbands() or "transparency" in image.info else np.asarray(image.convert("RGB"))
        wanted[os.path.relpath(path, folder)] = (pixels.shape[1], pixels.shape[0], fnv(pixels))
    out = subprocess.run([binary, "digests", folder], capture_output=True, text=True, check=True).stdout
    wrong = 0
    for line in out.splitlines():
        name, w, h, digest = line.rsplit(" ", 3)
        if wanted.pop(name) != (int(w), int(h), int(digest)):
            wrong += 1
            print("differs:", name)
    print(f"images: {count} files, {wrong} differ from Pillow's pixels, {len(wanted)} not read")
    return wrong + len(wanted)


def parquet(folder):
    subprocess.run([sys.executable, str(ROOT / "Tests/Fixtures/make_parquet.py"), folder, str(seed), str(rows)], check=True)
    wanted = open(os.path.join(folder, "rows.txt")).read()
    wrong = files = 0
    for name in sorted(os.listdir(folder)):
        if name.endswith(".parquet") and name != "empty.parquet":
            files += 1
            got = subprocess.run([binary, "rows", os.path.join(folder, name)], capture_output=True, text=True).stdout
            if got != wanted:
                wrong += 1
                print("differs:", name)
    print(f"parquet: {files} files of {rows} rows, {wrong} differ from what pyarrow and DuckDB wrote")
    return wrong


def resized():
    """Shapes of all kinds: Pillow 13 passes over the columns first where the height shrinks much more than the width."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = []
        os.makedirs(os.path.join(folder, "train", "a"))
        for i in range(count):
            w, h, side = rng.randrange(1, 200), rng.randrange(1, 200), rng.randrange(1, 60)
            image = Image.fromarray(npr.integers(0, 256, (h, w, 3), dtype=np.uint8))
            image.save(os.path.join(folder, "train", "a", f"{i}.png"))
            sizes.append((image, side))
        wrong = checked = 0
        for side in sorted({side for _, side in sizes})[:8]:
            out = subprocess.run([binary, "digests", folder, str(side)], capture_output=True, text=True, check=True).stdout
            for line in out.splitlines():
                name, w, h, digest = line.rsplit(" ", 3)
                image = sizes[int(os.path.basename(name).split(".")[0])][0]
                pixels = np.asarray(image if image.size == (int(w), int(h)) else image.resize((int(w), int(h)), Image.BICUBIC))
                wrong += fnv(pixels) != int(digest)
                checked += 1
        print(f"resized: {checked} pictures, {wrong} differ from Pillow's bytes")
        return wrong


def memory():
    """Reading keeps as many bytes as the setting says, however large the file: pixels, as many unpacked pages, and the program."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    cache, allowed, wrong = 16, 2 * 16 + 100, 0
    files = 100 if is_quick else 400
    out = io.BytesIO()
    Image.fromarray(npr.integers(0, 256, (600, 600, 3), dtype=np.uint8)).save(out, "PNG")
    for codec in ("none", "snappy", "zstd"):
        with tempfile.TemporaryDirectory() as folder:
            rows = [{"bytes": out.getvalue() + b"%d" % i, "path": None} for i in range(files)]
            table = pa.table({"image": rows, "question": ["q"] * files, "answer": ["a"] * files})
            pq.write_table(table, os.path.join(folder, "train.parquet"), compression=codec, row_group_size=10)
            said = subprocess.run([binary, folder, str(cache), "table"], capture_output=True, text=True, check=True).stdout
            peak = int(said.rsplit("peak ", 1)[1].split()[0])
            wrong += peak > allowed
            print(f"memory: {codec}, a file of {os.path.getsize(os.path.join(folder, 'train.parquet')) >> 20} MiB, cache {cache} MiB, peak {peak} MiB of {allowed}")
    return wrong


with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
    sys.exit(1 if images(a) + resized() + parquet(b) + memory() else 0)
