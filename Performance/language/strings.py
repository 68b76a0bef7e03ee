def main():
    length = 0
    for round in range(60):
        parts = []
        for i in range(10_000):
            parts.append(f"item {i}: {i * round}")
        text = ", ".join(parts)
        length = length + len(text)
        grown = ""
        for i in range(4000):
            grown = grown + "ab"
        length = length + len(grown)
        for word in text.split(", "):
            if word.endswith("7"):
                length = length + 1
        length = length + len(text.replace("item", "x").upper())
    print(length)


main()
