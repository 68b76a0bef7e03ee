import MDMImages
import MDMJSON

/// Visual-RFT's form of COCO and LVIS: a problem about one category, a solution of boxes in
/// thousandths of the image, or `No Objects`.
struct VisualRFTLoader: DatasetLoader {
  let name = "visual_rft"
  let summary =
    "Visual-RFT's parquet (image, problem, solution with Position and Confidence): boxes."
  let provenance = DatasetProvenance(
    licence: "Apache-2.0", citation: "Liu and others, Visual-RFT, ICCV 2025, arXiv 2503.01785")
  let source = "huggingface.co/datasets/laolao77/ViRFT_COCO"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    try tables(source, train: ["train"], test: ["test", "validation"]) {
      row, list throws(DataError) in
      let images = try source.images(row, "image", "images")
      let solution = try row.text("solution")
      let inner = Self.inside(solution)
      var boxes: [Box] = []
      if !inner.lowercased().contains("no objects") {
        boxes = Self.positions(inner)
        guard !boxes.isEmpty, boxes.allSatisfy(\.isValid) else {
          throw row.error(
            "solution", "holds no boxes",
            "write <answer>[{'Position': [x1, y1, x2, y2], 'Confidence': 1}]</answer>")
        }
      }
      let size = try source.size(images[0], row, "image")
      let pixels = boxes.map {
        $0.scaled(x: Double(size.width) / 1000, y: Double(size.height) / 1000)
      }
      // The problem asks for thinking and tags already.
      try list.add(
        row, id: nil, images: images, question: row.text("problem"), answers: [inner],
        boxes: pixels, kind: .box, template: .plain)
    }
  }

  /// What stands between the answer tags, or the whole text.
  static func inside(_ text: String) -> String {
    guard let start = text.firstRange(of: "<answer>") else { return ExampleList.trimmed(text) }
    let rest = text[start.upperBound...]
    return ExampleList.trimmed(
      String(rest.firstRange(of: "</answer>").map { rest[..<$0.lowerBound] } ?? rest))
  }

  /// The four numbers behind each `Position`.
  static func positions(_ text: String) -> [Box] {
    var boxes: [Box] = []
    var rest = Substring(text)
    while let mark = rest.firstRange(of: "Position") {
      rest = rest[mark.upperBound...]
      guard let open = rest.firstIndex(of: "["), let close = rest.firstIndex(of: "]"), open < close
      else { return [] }
      let numbers = rest[rest.index(after: open)..<close].split(separator: ",").compactMap {
        Double(ExampleList.trimmed(String($0)))
      }
      guard numbers.count == 4 else { return [] }
      boxes.append(Box(numbers[0], numbers[1], numbers[2], numbers[3]))
      rest = rest[close...]
    }
    return boxes
  }

  /// The answer for boxes in pixels of an image.
  static func answer(_ boxes: [Box], width: Double, height: Double) -> String {
    if boxes.isEmpty { return "No Objects" }
    let items = boxes.map { box in
      let scaled = box.scaled(x: 1000 / max(width, 1), y: 1000 / max(height, 1))
      let numbers = [scaled.x0, scaled.y0, scaled.x1, scaled.y1].map {
        String(Int(min(max($0.rounded(), 0), 1000)))
      }
      return "{'Position': [\(numbers.joined(separator: ", "))], 'Confidence': 1.0}"
    }
    return "[\(items.joined(separator: ", "))]"
  }
}
