from math import sqrt


def a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)


def times(v, out, n):
    for i in range(n):
        total = 0.0
        for j in range(n):
            total = total + a(i, j) * v[j]
        out[i] = total


def times_transposed(v, out, n):
    for i in range(n):
        total = 0.0
        for j in range(n):
            total = total + a(j, i) * v[j]
        out[i] = total


def main(n):
    u, v, t = [1.0] * n, [0.0] * n, [0.0] * n
    for step in range(10):
        times(u, t, n)
        times_transposed(t, v, n)
        times(v, t, n)
        times_transposed(t, u, n)
    uv = vv = 0.0
    for i in range(n):
        uv = uv + u[i] * v[i]
        vv = vv + v[i] * v[i]
    print(f"{sqrt(uv / vv):.9f}")


main(400)
