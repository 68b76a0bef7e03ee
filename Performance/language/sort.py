from functools import cmp_to_key


def main():
    xs = []
    seed = 42
    for i in range(150_000):
        seed = (seed * 16807) % 2147483647
        xs.append({"score": seed % 100_003, "index": i})

    def compare(a, b):
        return a["index"] - b["index"] if a["score"] == b["score"] else a["score"] - b["score"]

    ordered = sorted(xs, key=cmp_to_key(compare))
    total = 0
    for i in range(150_000):
        total = (total * 31 + ordered[i]["index"]) % 1_000_003
    print(total)


main()
