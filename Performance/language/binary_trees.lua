local function tree(depth)
  if depth == 0 then return {left = nil, right = nil} end
  return {left = tree(depth - 1), right = tree(depth - 1)}
end
local function nodes(t) if t.left == nil then return 1 end return 1 + nodes(t.left) + nodes(t.right) end

local kept = tree(15)
local sum = 0
for i = 1, 160 do sum = sum + nodes(tree(12)) end
print(sum .. " " .. nodes(kept))
