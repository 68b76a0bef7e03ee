import MDMRuntime

/// An image as scripts hold it: the bytes of a PNG file.
final class ImageValue: FieldedValue, PresentedValue {
  let png: [UInt8]
  /// Pixels.
  let width: Int
  let height: Int

  init(_ png: [UInt8]) {
    self.png = png
    // PNG: eight bytes, then the first chunk's length, type, width and height.
    func number(_ at: Int) -> Int {
      png.count < at + 4 ? 0 : png[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    (width, height) = (number(16), number(20))
  }

  var typeName: String { "Image" }

  static let fields: [(name: String, read: @Sendable (ImageValue) -> Datum)] = [
    ("width", { .int($0.width) }), ("height", { .int($0.height) }),
  ]

  func add(to presentation: inout Presentation) { presentation.png = png }

  func isEqual(to other: any DomainValue) -> Bool { (other as? ImageValue)?.png == png }

  func display(_ width: Int) -> String { "Image \(self.width) x \(height)" }
}
