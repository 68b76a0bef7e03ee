def counter(step):
    n = 0

    def next():
        nonlocal n
        n = n + step
        return n

    return next


def compose(f, g):
    return lambda x: f(g(x))


def main():
    total = 0
    for i in range(900_000):
        next = counter(i % 5)
        next()
        total = total + next()
    twice = compose(lambda x: x * 2, lambda x: x + 1)
    for i in range(2_400_000):
        total = total + twice(i)
    print(total)


main()
