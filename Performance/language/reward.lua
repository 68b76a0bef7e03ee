local abs = math.abs
local function reward(answer)
  local error = abs(answer - 500)
  if error < 100 then return 1.0 - error / 100 else return 0.0 end
end
local function map(list, f)
  local out = {}
  for i = 1, #list do out[i] = f(list[i]) end
  return out
end
local function sum(list)
  local total = 0.0
  for i = 1, #list do total = total + list[i] end
  return total
end
local answers = {}
for i = 0, 999 do answers[i + 1] = i end
local total = 0.0
for round = 1, 3000 do total = total + sum(map(answers, reward)) end
print(string.format("%.3f", total))
