import MDMImages
import MDMJSON
import MDMParquet

/// LISA's reasoning segmentation: polygons become one box, every question an example of its own,
/// images of more than 640 pixels are made smaller.
struct LISALoader: DatasetLoader {
  /// The longest side of an image, as the paper has it.
  static let longestSide = 640

  let name = "lisa"
  let summary =
    "LISA's ReasonSeg folders (train/, val/, test/: *.jpg beside *.json with text and shapes): a box."
  let provenance = DatasetProvenance(
    licence: "Apache-2.0", citation: "Lai and others, LISA, CVPR 2024, arXiv 2308.00692")
  let source = "github.com/dvlab-research/LISA (ReasonSeg); arXiv 2505.24871, section 2"

  func datasets(_ given: LoadSource) throws(DataError) -> [Dataset] {
    var source = given
    source.longestSide = given.longestSide ?? Self.longestSide
    var lists = [ExampleList(name, .train), ExampleList(name, .test)]
    for file in try DataFile.all(source.path) where file.kind == .json {
      if source.interrupted() { throw .interrupted }
      guard let image = Self.image(of: file, source) else { continue }
      let place = ["test", "validation"].contains(file.split) ? 1 : 0
      try read(file, image, source, &lists[place])
    }
    return try gathered(lists, source)
  }

  private static func image(of file: DataFile, _ source: LoadSource) -> String? {
    let stem = file.name.dropLast(".json".count)
    return [".jpg", ".jpeg", ".png", ".webp"].map { stem + $0 }.first {
      FileSystem.exists("\(source.folder)/\($0)")
    }
  }

  private func read(
    _ file: DataFile, _ path: String, _ source: LoadSource, _ list: inout ExampleList
  ) throws(DataError) {
    let bytes = try FileSystem.read(file.path)
    let row = Row(
      file: file.name, number: 1, fields: try DataFile.object(bytes, file: file.name, line: 1))
    let image = try source.file(path, row, "image")
    let shapes = row.value("shapes")?.items ?? []
    var corners: Box?
    for (index, shape) in shapes.enumerated() where shape["label"]?.text == "target" {
      let points = (shape["points"]?.items ?? []).map { ($0.items ?? []).compactMap(Row.number) }
      guard points.count >= 2,
        points.allSatisfy({ $0.count == 2 && $0[0].isFinite && $0[1].isFinite })
      else {
        throw row.error(
          "shapes[\(index)].points", "is no list of points", "a polygon is [[x, y], [x, y], …]")
      }
      for point in points {
        let old = corners ?? Box(point[0], point[1], point[0], point[1])
        corners = Box(
          min(old.x0, point[0]), min(old.y0, point[1]), max(old.x1, point[0]),
          max(old.y1, point[1]))
      }
    }
    guard let corners, corners.isValid else {
      throw row.error("shapes", "has no target with an area", "label a polygon `target`")
    }
    let stored: ImageHeader
    do throws(ImageError) { stored = try ImageHeader(image.fileBytes()) } catch {
      throw row.error("image", error.description, error.hint)
    }
    let size = try source.size(image, row, "image")
    let (x, y) = (
      Double(size.width) / Double(stored.width), Double(size.height) / Double(stored.height)
    )
    let box = corners.scaled(x: x, y: y)
    let (w, h) = (Double(size.width), Double(size.height))
    let inside = Box(max(box.x0, 0), max(box.y0, 0), min(box.x1, w), min(box.y1, h))
    guard inside.isValid else {
      throw row.error("shapes", "lie outside of the image", "points count pixels of the image")
    }
    for (index, question) in try row.texts("text").enumerated() {
      try list.add(
        row, id: "\(path)#\(index)", images: [image],
        question: "Output the bounding box in the image corresponding to the instruction: "
          + question,
        answers: [VisualRFTLoader.answer([inside], width: w, height: h)], boxes: [inside],
        kind: .box)
    }
  }
}
