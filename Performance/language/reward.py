def reward(answer):
    error = abs(answer - 500)
    return 1.0 - error / 100 if error < 100 else 0.0


answers = list(range(1000))
total = 0.0
for round in range(3000):
    total = total + sum(map(reward, answers))
print(f"{total:.3f}")
