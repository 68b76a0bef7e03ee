def fannkuch(n):
    p, q, s = list(range(n)), [0] * n, list(range(n))
    sign, maximum, total = 1, 0, 0
    while True:
        q0 = p[0]
        if q0 != 0:
            for i in range(1, n):
                q[i] = p[i]
            flips = 1
            while True:
                qq = q[q0]
                if qq == 0:
                    total = total + sign * flips
                    if flips > maximum:
                        maximum = flips
                    break
                q[q0] = q0
                if q0 >= 3:
                    i, j = 1, q0 - 1
                    while i < j:
                        t = q[i]
                        q[i] = q[j]
                        q[j] = t
                        i = i + 1
                        j = j - 1
                q0 = qq
                flips = flips + 1
        if sign == 1:
            t = p[0]
            p[0] = p[1]
            p[1] = t
            sign = -1
        else:
            t = p[1]
            p[1] = p[2]
            p[2] = t
            sign = 1
            for i in range(2, n):
                sx = s[i]
                if sx != 0:
                    s[i] = sx - 1
                    break
                if i == n - 1:
                    return [total, maximum]
                s[i] = i
                t = p[0]
                for j in range(0, i + 1):
                    p[j] = p[j + 1]
                p[i + 1] = t


print(fannkuch(9))
