local function main()
  local whole, real = 0, 0.0
  for i = 0, 11999999 do
    if i % 3 == 0 then whole = whole + i else real = real + i * 0.5 end
  end
  local k = 0
  while k < 12000000 do
    whole = whole + k * 2 - 1
    k = k + 1
  end
  print(string.format("%.0f %.0f", whole, real))
end
main()
