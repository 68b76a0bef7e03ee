local function account(balance)
  local self = {balance = balance}
  self.deposit = function(amount) self.balance = self.balance + amount end
  self.fee = function() return self.balance % 7 end
  return self
end

local function main()
  local one = account(100)
  local two = account(50)
  local sum = 0
  for i = 0, 2499999 do
    one.deposit(i % 3)
    two.deposit(2)
    sum = sum + one.fee() + two.balance % 5
  end
  print(string.format("%d", sum))
end
main()
