local function place(row, n, columns, rising, falling)
  if row == n then return 1 end
  local count = 0
  for column = 0, n - 1 do
    if not columns[column + 1] and not rising[row + column + 1] and not falling[row - column + n + 1] then
      columns[column + 1] = true
      rising[row + column + 1] = true
      falling[row - column + n + 1] = true
      count = count + place(row + 1, n, columns, rising, falling)
      columns[column + 1] = false
      rising[row + column + 1] = false
      falling[row - column + n + 1] = false
    end
  end
  return count
end
local function falses(n) local t = {} for i = 1, n do t[i] = false end return t end
local function queens(n) return place(0, n, falses(n), falses(2 * n), falses(2 * n + 1)) end
print(queens(12))
