"""Times mdm and Hugging Face datasets on one ScienceQA-sized parquet, from the files to decoded pixels.

    python compare.py DATA_READ FOLDER [ROWS]       needs datasets, pyarrow, pillow and numpy
"""
import io, os, resource, subprocess, sys, time
import numpy as np
from PIL import Image

binary, folder, rows = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 12000
path = os.path.join(folder, "data", "train-00000-of-00001.parquet")


def picture(rng):
    """Half diagrams with flat areas, half photographs, of the sizes that ScienceQA has."""
    w, h = int(rng.integers(200, 750)), int(rng.integers(150, 450))
    if rng.random() < 0.5:
        a = np.full((h, w, 3), 255, np.uint8)
        for _ in range(12):
            x, y = int(rng.integers(0, w - 40)), int(rng.integers(0, h - 30))
            a[y:y + int(rng.integers(5, 90)), x:x + int(rng.integers(5, 160))] = rng.integers(0, 256, 3)
        return Image.fromarray(a)
    small = rng.integers(0, 256, (h // 24 + 2, w // 24 + 2, 3), dtype=np.uint8)
    a = np.asarray(Image.fromarray(small).resize((w, h), Image.BICUBIC)).astype(int)
    return Image.fromarray(np.clip(a + rng.integers(-3, 4, a.shape), 0, 255).astype(np.uint8))


def make():
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(5)
    images = []
    for _ in range(min(rows, 600)):
        out = io.BytesIO()
        picture(rng).save(out, "PNG")
        images.append(out.getvalue())
    table = pa.table({
        "image": pa.array([{"bytes": images[i % len(images)], "path": f"{i}.png"} for i in range(rows)],
                          pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        "question": [f"Which of these is number {i}?" for i in range(rows)],
        "choices": [["red", "blue", "green"]] * rows,
        "answer": pa.array([i % 3 for i in range(rows)], pa.int8()),
        "hint": [""] * rows, "lecture": ["Some words that explain. " * 20] * rows,
    })
    info = '{"info": {"features": {"image": {"_type": "Image"}, "question": {"dtype": "string", "_type": "Value"}, ' \
           '"choices": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"}, ' \
           '"answer": {"dtype": "int8", "_type": "Value"}, "hint": {"dtype": "string", "_type": "Value"}, ' \
           '"lecture": {"dtype": "string", "_type": "Value"}}}}'
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pq.write_table(table.replace_schema_metadata({"huggingface": info}), path, row_group_size=1000, use_dictionary=["hint"])


if not os.path.exists(path):
    make()
print(f"{rows} rows, {os.path.getsize(path) >> 20} MiB")
for threads in (None, "1"):
    print(subprocess.run([binary, folder, "256"], capture_output=True, text=True, check=True,
                         env={**os.environ, **({"MDM_THREADS": threads} if threads else {})}).stdout.strip())

peer = """
import sys, time
import numpy as np
from datasets import load_dataset
import datasets
datasets.disable_progress_bars()
start = time.perf_counter()
data = load_dataset("parquet", data_files=sys.argv[1], split="train", cache_dir=sys.argv[2])
opened = time.perf_counter()
count = pixels = check = 0
for row in data:
    a = np.asarray(row["image"].convert("RGB"))
    count += 1
    pixels += a.shape[0] * a.shape[1]
    check += int(a.reshape(-1)[a.size // 2])
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(f"datasets: {count} images, {pixels} pixels, check {check}, opened in {opened - start:.3f} s, "
      f"all in {time.perf_counter() - start:.3f} s, peak {peak // 1024} MiB")
"""
for turn in ("first (writes its cache)", "again (its cache is there)"):
    out = subprocess.run([sys.executable, "-c", peer, path, os.path.join(folder, "cache")], capture_output=True, text=True,
                         env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"})
    print(turn + ":", out.stdout.strip() or out.stderr.strip()[-400:])
