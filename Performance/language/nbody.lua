local sqrt = math.sqrt
local function body(x, y, z, vx, vy, vz, mass)
  return {x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass}
end
local solar = 4.0 * 9.869604401089358
local year = 365.24
local bodies = {
  body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, solar),
  body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
    0.00166007664274403694 * year, 0.00769901118419740425 * year, -0.0000690460016972063023 * year,
    0.000954791938424326609 * solar),
  body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
    -0.00276742510726411269 * year, 0.00499852801234917238 * year, 0.0000230417297573763929 * year,
    0.000285885980666130812 * solar),
  body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
    0.00296460137564761618 * year, 0.00237847173959480950 * year, -0.0000296589568540237556 * year,
    0.0000436624404335156298 * solar),
  body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
    0.00268067772490389322 * year, 0.00162824170038242295 * year, -0.0000951592254519715870 * year,
    0.0000515138902046611451 * solar),
}

local function advance(bodies, dt)
  local n = #bodies
  for i = 1, n do
    local a = bodies[i]
    for j = i + 1, n do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      local square = dx * dx + dy * dy + dz * dz
      local magnitude = dt / (square * sqrt(square))
      local ma = b.mass * magnitude
      a.vx = a.vx - dx * ma
      a.vy = a.vy - dy * ma
      a.vz = a.vz - dz * ma
      local mb = a.mass * magnitude
      b.vx = b.vx + dx * mb
      b.vy = b.vy + dy * mb
      b.vz = b.vz + dz * mb
    end
  end
  for i = 1, n do
    local b = bodies[i]
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end

local function energy(bodies)
  local e = 0.0
  for i = 1, #bodies do
    local a = bodies[i]
    e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      e = e - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

for step = 1, 200000 do advance(bodies, 0.01) end
print(string.format("%.9f", energy(bodies)))
