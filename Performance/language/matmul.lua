local function matrix(n, scale)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[#row + 1] = (i - j) * scale end
    rows[#rows + 1] = row
  end
  return rows
end

local function product(a, b, n)
  local out = {}
  for i = 1, n do
    local ai = a[i]
    local row = {}
    for j = 1, n do row[j] = 0.0 end
    for k = 1, n do
      local x = ai[k]
      local bk = b[k]
      for j = 1, n do row[j] = row[j] + x * bk[j] end
    end
    out[#out + 1] = row
  end
  return out
end

local function main(n)
  local c = product(matrix(n, 0.5), matrix(n, 0.25), n)
  print(string.format("%.2f", c[math.floor(n / 2) + 1][math.floor(n / 3) + 1]))
end
main(240)
