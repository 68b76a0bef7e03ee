import MDMBuiltins
import MDMJSON

/// Values in several forms, as messages carry them: bytes as base64, one member a media type.
enum MessageBundle {
  /// The members `data` and `metadata`.
  ///
  /// - Parameter isDoubled: images have two pixels for each of the screen's.
  static func nodes(_ bundle: MediaBundle, isDoubled: Bool) -> (data: JSONNode, metadata: JSONNode)
  {
    var metadata: [JSONNode.Member] = []
    var members: [JSONNode.Member] = []
    for part in bundle.parts {
      switch part.content {
      case .text(let text): members.append(.init(name: part.type, value: .string(text)))
      case .json(let node): members.append(.init(name: part.type, value: node))
      case .bytes(let bytes):
        members.append(.init(name: part.type, value: .string(Base64.text(bytes))))
        if isDoubled, part.type == "image/png", let (width, height) = pixels(ofPNG: bytes) {
          let size = JSONNode.of(
            ("width", .integer(Int64(width / 2))), ("height", .integer(Int64(height / 2))))
          metadata.append(.init(name: part.type, value: size))
        }
      }
    }
    return (.object(members), .object(metadata))
  }

  /// What the header of a PNG file says.
  private static func pixels(ofPNG bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 24 else { return nil }
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }
}
