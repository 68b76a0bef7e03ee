local function main()
  local words = {"mixture", "reward", "policy", "domain", "group", "token", "image", "box", "answer", "step"}
  local parts = {}
  for i = 0, 29999 do parts[#parts + 1] = words[i * 7 % 10 + 1] .. tostring(i % 97) end
  local text = table.concat(parts, " ")
  local best, distinct = 0, 0
  for round = 1, 100 do
    local counts = {}
    distinct = 0
    for word in text:gmatch("[^ ]+") do
      local count = counts[word]
      if not count then distinct = distinct + 1 end
      counts[word] = (count or 0) + 1
    end
    for word, count in pairs(counts) do if count > best then best = count end end
  end
  print(distinct .. " " .. best)
end
main()
