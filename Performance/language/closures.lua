local function counter(step)
  local n = 0
  return function()
    n = n + step
    return n
  end
end
local function compose(f, g) return function(x) return f(g(x)) end end

local function main()
  local sum = 0
  for i = 0, 899999 do
    local next = counter(i % 5)
    next()
    sum = sum + next()
  end
  local twice = compose(function(x) return x * 2 end, function(x) return x + 1 end)
  for i = 0, 2399999 do sum = sum + (twice(i)) end
  print(string.format("%.0f", sum))
end
main()
