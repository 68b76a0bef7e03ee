local function primes(n)
  local composite = {}
  for i = 1, n + 1 do composite[i] = false end
  local count = 0
  local i = 2
  while i <= n do
    if not composite[i + 1] then
      count = count + 1
      local j = i * i
      while j <= n do
        composite[j + 1] = true
        j = j + i
      end
    end
    i = i + 1
  end
  return count
end
print(primes(4000000))
