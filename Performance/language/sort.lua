local function main()
  local xs = {}
  local seed = 42
  for i = 0, 149999 do
    seed = (seed * 16807) % 2147483647
    xs[#xs + 1] = {score = seed % 100003, index = i}
  end
  table.sort(xs, function(a, b)
    return a.score < b.score or a.score == b.score and a.index < b.index
  end)
  local sum = 0
  for i = 1, 150000 do sum = (sum * 31 + xs[i].index) % 1000003 end
  print(sum)
end
main()
