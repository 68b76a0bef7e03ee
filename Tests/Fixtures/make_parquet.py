"""Makes Tests/Fixtures/parquet: one table as pyarrow and DuckDB write it in many ways, and its rows as text.

    python Tests/Fixtures/make_parquet.py [FOLDER [SEED [ROWS]]]        needs pyarrow and duckdb
"""
import decimal, os, random, sys
import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "parquet")
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
rows = int(sys.argv[3]) if len(sys.argv) > 3 else 40
os.makedirs(folder, exist_ok=True)


def maybe(value, share=0.2):
    return None if rng.random() < share else value


def image():
    return {"bytes": maybe(rng.randbytes(rng.randrange(0, 30))), "path": maybe(f"p{rng.randrange(9)}.png")}


table = pa.table({
    "small": pa.array([maybe(rng.randrange(-9, 9)) for _ in range(rows)], pa.int32()),
    "big": pa.array([rng.randrange(-2**60, 2**60) for _ in range(rows)], pa.int64()),
    "count": pa.array([rng.randrange(0, 2**32) for _ in range(rows)], pa.uint32()),
    "narrow": pa.array([maybe(rng.randrange(-400, 400) / 4) for _ in range(rows)], pa.float32()),
    "wide": pa.array([rng.randrange(-4000, 4000) / 8 for _ in range(rows)], pa.float64()),
    "flag": pa.array([maybe(rng.random() < 0.5) for _ in range(rows)], pa.bool_()),
    "text": pa.array([maybe(rng.choice(["", "a", "größe", "a longer text " * 3])) for _ in range(rows)], pa.string()),
    "name": pa.array([f"row {i} of them" for i in range(rows)], pa.string()),
    "price": pa.array([maybe(decimal.Decimal(rng.randrange(-9999, 9999)) / 4) for _ in range(rows)], pa.decimal128(12, 2)),
    "numbers": pa.array([maybe([maybe(rng.randrange(99) / 4) for _ in range(rng.randrange(4))]) for _ in range(rows)], pa.list_(pa.float32())),
    "nested": pa.array([maybe([maybe([rng.randrange(9) for _ in range(rng.randrange(3))]) for _ in range(rng.randrange(3))])
                        for _ in range(rows)], pa.list_(pa.list_(pa.int64()))),
    "image": pa.array([maybe(image()) for _ in range(rows)], pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    "images": pa.array([maybe([image() for _ in range(rng.randrange(3))]) for _ in range(rows)],
                       pa.list_(pa.struct([("bytes", pa.binary()), ("path", pa.string())]))),
    "talk": pa.array([[{"role": "user", "content": [{"type": "text", "text": maybe("hi")}] * rng.randrange(3)}] * rng.randrange(3)
                      for _ in range(rows)],
                     pa.list_(pa.struct([("role", pa.string()), ("content", pa.list_(pa.struct([("type", pa.string()), ("text", pa.string())])))]))),
})


def shown(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, decimal.Decimal):
        return repr(float(value))
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, bytes):
        return "x" + value.hex()
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return "{" + ", ".join(f"{k}: {shown(v)}" for k, v in value.items()) + "}"


open(os.path.join(folder, "rows.txt"), "w").write("".join(shown(row) + "\n" for row in table.to_pylist()))
for name, options in {
    "snappy": {"compression": "snappy"},
    "zstd-groups": {"compression": "zstd", "row_group_size": 7},
    "gzip": {"compression": "gzip", "use_dictionary": False},
    "none-v2": {"compression": "none", "data_page_version": "2.0"},
    "zstd-v2-pages": {"compression": "zstd", "data_page_version": "2.0", "data_page_size": 64, "write_batch_size": 5},
    "snappy-pages": {"compression": "snappy", "use_dictionary": False, "data_page_size": 64, "write_batch_size": 3},
    "old-lists": {"compression": "none", "use_compliant_nested_type": False, "version": "1.0"},
    "deltas": {"compression": "snappy", "use_dictionary": False, "column_encoding": {
        "small": "DELTA_BINARY_PACKED", "big": "DELTA_BINARY_PACKED", "text": "DELTA_LENGTH_BYTE_ARRAY",
        "name": "DELTA_BYTE_ARRAY", "narrow": "BYTE_STREAM_SPLIT", "wide": "BYTE_STREAM_SPLIT"}},
    "empty": {},
}.items():
    pq.write_table(table.slice(0, 0) if name == "empty" else table, os.path.join(folder, name + ".parquet"), **options)
import duckdb

data = table

for name, options in {
    "duckdb": "", "duckdb-zstd": ", COMPRESSION zstd, ROW_GROUP_SIZE 2048", "duckdb-v2": ", PARQUET_VERSION v2",
    "duckdb-gzip": ", COMPRESSION gzip",
}.items():
    duckdb.sql(f"COPY (SELECT * FROM data) TO '{folder}/{name}.parquet' (FORMAT parquet{options})")
