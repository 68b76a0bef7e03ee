import MDMImages
import MDMJSON
import MDMParquet

/// COCO instances: for every image and category, all boxes of it.
struct COCOLoader: DatasetLoader {
  let name = "coco"
  let summary =
    "COCO's annotations/instances_*.json with train2017/, val2017/: boxes of a category."
  let provenance = DatasetProvenance(
    licence: "CC BY 4.0 (annotations)",
    citation: "Lin and others, Microsoft COCO, ECCV 2014, arXiv 1405.0312")
  let source = "cocodataset.org, format-data"

  private struct Picture {
    let id: Int
    let file: String
    let width: Double
    let height: Double
  }

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    let files = try DataFile.all(source.path).filter {
      $0.kind == .json && ($0.name.contains("instances") || !FileSystem.isFolder(source.path))
    }
    var lists: [ExampleList] = []
    for file in files {
      var list = ExampleList(name, file.split == "train" || file.split == nil ? .train : .test)
      try read(file, source, &list)
      lists.append(list)
    }
    return try gathered(lists, source)
  }

  private func read(
    _ file: DataFile, _ source: LoadSource, _ list: inout ExampleList
  ) throws(DataError) {
    var pictures: [Picture] = []
    var categories: [Int: String] = [:]
    var boxes: [Int: [Int: [(number: Int, box: Box)]]] = [:]
    var elements = JSONElements(try FileSystem.read(file.path, limit: 4 << 30), file: file.name)
    try elements.visit { part, index, node throws(DataError) in
      if index % 1000 == 0, source.interrupted() { throw .interrupted }
      guard ["images", "categories", "annotations"].contains(part) else { return }
      let row = Row(file: "\(file.name), \(part)", number: index + 1, fields: ParquetValue(node))
      switch part {
      case "images":
        pictures.append(
          Picture(
            id: try row.int("id"), file: try row.text("file_name"),
            width: Double(try row.int("width")), height: Double(try row.int("height"))))
      case "categories": categories[try row.int("id")] = try row.text("name")
      default:
        // A crowd's box holds many things.
        if let crowd = row.value("iscrowd"), crowd != .int(0) { return }
        let found = try row.boxes("bbox")
        guard let box = found.first, box.x1 >= 0, box.y1 >= 0 else {
          throw row.error("bbox", "is missing or negative", "COCO writes [x, y, width, height]")
        }
        let (image, category) = (try row.int("image_id"), try row.int("category_id"))
        boxes[image, default: [:]][category, default: []].append(
          (index + 1, Box(box.x0, box.y0, box.x0 + box.x1, box.y0 + box.y1)))
      }
    }
    let known = Set(pictures.map(\.id))
    if let image = boxes.keys.filter({ !known.contains($0) }).min() {
      let numbers = boxes[image]?.values.joined().map(\.number) ?? []
      throw DataError.badRow(
        file: "\(file.name), annotations", row: numbers.min() ?? 0,
        field: "image_id", reason: "is \(image), which no image has",
        hint: "the file's `images` list them; leave out annotations of others")
    }
    for (index, picture) in pictures.enumerated() {
      let row = Row(
        file: "\(file.name), images", number: index + 1,
        fields: .record([("file_name", .text(picture.file))]))
      guard let found = boxes[picture.id] else { continue }
      let image = try source.file(Self.path(picture.file, source), row, "file_name")
      let size = RGBImage.fittedSize(
        width: Int(picture.width), height: Int(picture.height),
        longestSide: source.longestSide ?? .max)
      let scale = Double(size.width) / max(picture.width, 1)
      for category in found.keys.sorted() {
        guard let name = categories[category] else {
          throw DataError.badRow(
            file: "\(file.name), annotations", row: found[category]?.first?.number ?? 0,
            field: "category_id", reason: "is \(category), which no category has",
            hint: "the file's `categories` name them")
        }
        let scaled = (found[category] ?? []).map { $0.box.scaled(x: scale, y: scale) }
        try list.add(
          row, id: "\(picture.id)/\(name)", images: [image],
          question: "Detect all objects of the category '\(name)' in the image.",
          answers: [
            VisualRFTLoader.answer(scaled, width: Double(size.width), height: Double(size.height))
          ], boxes: scaled, kind: .box)
      }
    }
  }

  /// Where a picture lies: in the folder of its year and split, or beside the JSON.
  private static func path(_ file: String, _ source: LoadSource) -> String {
    for folder in ["train2017/", "val2017/", "train2014/", "val2014/", "images/"]
    where FileSystem.exists("\(source.folder)/\(folder)\(file)") { return folder + file }
    return file
  }
}
