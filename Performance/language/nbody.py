from math import sqrt


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "mass")

    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz, self.mass = vx, vy, vz, mass


solar = 4.0 * 9.869604401089358
year = 365.24
bodies = [
    Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, solar),
    Body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
         0.00166007664274403694 * year, 0.00769901118419740425 * year, -0.0000690460016972063023 * year,
         0.000954791938424326609 * solar),
    Body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
         -0.00276742510726411269 * year, 0.00499852801234917238 * year, 0.0000230417297573763929 * year,
         0.000285885980666130812 * solar),
    Body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
         0.00296460137564761618 * year, 0.00237847173959480950 * year, -0.0000296589568540237556 * year,
         0.0000436624404335156298 * solar),
    Body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
         0.00268067772490389322 * year, 0.00162824170038242295 * year, -0.0000951592254519715870 * year,
         0.0000515138902046611451 * solar),
]


def advance(bodies, dt):
    n = len(bodies)
    for i in range(n):
        a = bodies[i]
        for j in range(i + 1, n):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            square = dx * dx + dy * dy + dz * dz
            magnitude = dt / (square * sqrt(square))
            ma = b.mass * magnitude
            a.vx = a.vx - dx * ma
            a.vy = a.vy - dy * ma
            a.vz = a.vz - dz * ma
            mb = a.mass * magnitude
            b.vx = b.vx + dx * mb
            b.vy = b.vy + dy * mb
            b.vz = b.vz + dz * mb
    for b in bodies:
        b.x = b.x + dt * b.vx
        b.y = b.y + dt * b.vy
        b.z = b.z + dt * b.vz


def energy(bodies):
    e = 0.0
    for i in range(len(bodies)):
        a = bodies[i]
        e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for j in range(i + 1, len(bodies)):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            e = e - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return e


for step in range(200_000):
    advance(bodies, 0.01)
print(f"{energy(bodies):.9f}")
