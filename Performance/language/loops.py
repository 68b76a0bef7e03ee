def main():
    whole, real = 0, 0.0
    for i in range(12_000_000):
        if i % 3 == 0:
            whole = whole + i
        else:
            real = real + i * 0.5
    k = 0
    while k < 12_000_000:
        whole = whole + k * 2 - 1
        k = k + 1
    print(whole, int(real))


main()
