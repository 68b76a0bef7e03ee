def place(row, n, columns, rising, falling):
    if row == n:
        return 1
    count = 0
    for column in range(n):
        if not columns[column] and not rising[row + column] and not falling[row - column + n]:
            columns[column] = True
            rising[row + column] = True
            falling[row - column + n] = True
            count = count + place(row + 1, n, columns, rising, falling)
            columns[column] = False
            rising[row + column] = False
            falling[row - column + n] = False
    return count


def queens(n):
    return place(0, n, [False] * n, [False] * (2 * n), [False] * (2 * n))


print(queens(12))
