local function replace(text, old, new) return (text:gsub(old, new)) end
local function main()
  local length = 0
  for round = 0, 59 do
    local parts = {}
    for i = 0, 9999 do parts[#parts + 1] = "item " .. i .. ": " .. i * round end
    local text = table.concat(parts, ", ")
    length = length + #text
    local grown = ""
    for i = 1, 4000 do grown = grown .. "ab" end
    length = length + #grown
    for word in text:gmatch("([^,]+),? ?") do if word:sub(-1) == "7" then length = length + 1 end end
    length = length + #replace(text, "item", "x"):upper()
  end
  print(length)
end
main()
