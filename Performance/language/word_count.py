def main():
    words = ["mixture", "reward", "policy", "domain", "group", "token", "image", "box", "answer", "step"]
    parts = []
    for i in range(30_000):
        parts.append(words[i * 7 % 10] + str(i % 97))
    text = " ".join(parts)
    best = distinct = 0
    for round in range(100):
        counts = {}
        for word in text.split(" "):
            counts[word] = counts.get(word, 0) + 1
        distinct = len(counts)
        for word, count in counts.items():
            if count > best:
                best = count
    print(distinct, best)


main()
