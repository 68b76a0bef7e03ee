def matrix(n, scale):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i - j) * scale)
        rows.append(row)
    return rows


def product(a, b, n):
    out = []
    for i in range(n):
        ai = a[i]
        row = [0.0] * n
        for k in range(n):
            x = ai[k]
            bk = b[k]
            for j in range(n):
                row[j] = row[j] + x * bk[j]
        out.append(row)
    return out


def main(n):
    c = product(matrix(n, 0.5), matrix(n, 0.25), n)
    print(f"{c[n // 2][n // 3]:.2f}")


main(240)
