def tree(depth):
    if depth == 0:
        return {"left": None, "right": None}
    return {"left": tree(depth - 1), "right": tree(depth - 1)}


def nodes(t):
    return 1 if t["left"] is None else 1 + nodes(t["left"]) + nodes(t["right"])


kept = tree(15)
total = 0
for i in range(160):
    total = total + nodes(tree(12))
print(total, nodes(kept))
