import Glibc
import MDMModels
import MDMTensors

/// What computes: results are equal to the bit only where it is the same.
package enum EngineIdentity {
  /// The linker's build id of the executable, or a hash of the whole file where it has none, and the name of
  /// the processor whose kernels multiply.
  static let text: String? = {
    let path = "/proc/self/exe"
    guard let program = buildID(ofFile: path) ?? (try? Policy.fingerprint(ofFile: path)) else {
      return nil
    }
    return "\(program) \(BLAS.coreName)"
  }()

  /// The hash that the linker took of all it wrote, in hexadecimal: the note NT_GNU_BUILD_ID of a 64-bit ELF
  /// file. nil where the file has none.
  ///
  /// Source: System V ABI, "Program Header" and "Note Section"; build ids are type 3 of the name "GNU".
  package static func buildID(ofFile path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard let header = read(64, at: 0, of: file), header.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2])
    else { return nil }
    let (size, count) = (number(header, 54, bytes: 2), number(header, 56, bytes: 2))
    let place = number(header, 32, bytes: 8)
    for i in 0..<count {
      guard let segment = read(56, at: place &+ i &* size, of: file) else { return nil }
      let length = number(segment, 32, bytes: 8)
      guard number(segment, 0, bytes: 4) == noteSegment, length <= 1 << 16,
        let notes = read(length, at: number(segment, 8, bytes: 8), of: file)
      else { continue }
      if let found = buildID(inNotes: notes) { return found }
    }
    return nil
  }

  private static let noteSegment = 4

  /// Each note has the sizes of its name and of its value, a type, and both padded to four bytes.
  private static func buildID(inNotes bytes: [UInt8]) -> String? {
    var at = 0
    while at + 12 <= bytes.count {
      let (name, length) = (number(bytes, at, bytes: 4), number(bytes, at + 4, bytes: 4))
      let value = at + 12 + (name + 3) / 4 * 4
      guard value + length <= bytes.count else { return nil }
      if number(bytes, at + 8, bytes: 4) == 3, name == 4,
        bytes[(at + 12)..<value].elementsEqual("GNU\0".utf8)
      {
        return bytes[value..<(value + length)].map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
      }
      at = value + (length + 3) / 4 * 4
    }
    return nil
  }

  private static func read(_ count: Int, at place: Int, of file: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file, &bytes, count, place) == count ? bytes : nil
  }

  /// A little-endian number; Int.max where it is larger than that.
  private static func number(_ from: [UInt8], _ at: Int, bytes: Int) -> Int {
    let value = (0..<bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(from[at + $1]) }
    return Int(clamping: value)
  }
}
