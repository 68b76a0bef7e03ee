class Account:
    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        self.balance = self.balance + amount

    def fee(self):
        return self.balance % 7


def main():
    one = Account(100)
    two = Account(50)
    total = 0
    for i in range(2_500_000):
        one.deposit(i % 3)
        two.deposit(2)
        total = total + one.fee() + two.balance % 5
    print(total)


main()
