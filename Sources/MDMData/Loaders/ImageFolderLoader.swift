import MDMImages
import MDMParquet

/// Folders of images whose folder's name is the answer, as torchvision and Hugging Face read them.
struct ImageFolderLoader: DatasetLoader {
  let name = "image_folder"
  let summary = "Images in folders by class, perhaps below train/ and test/: asks for the class."
  let provenance = DatasetProvenance()
  let source = "docs of datasets (ImageFolder) and torchvision (ImageFolder)"

  private static let endings = [".png", ".jpg", ".jpeg", ".webp", ".gif"]

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    guard FileSystem.isFolder(source.path) else {
      throw .badFile(file: source.path, reason: "is no folder", hint: summary)
    }
    var files: [(path: String, label: String, split: String?)] = []
    for path in try FileSystem.files(below: source.path) {
      let parts = path.split(separator: "/").map(String.init)
      let isImage = Self.endings.contains { path.lowercased().hasSuffix($0) }
      guard isImage, parts.count >= 2 else { continue }
      let split = parts.count >= 3 ? DataFile.split(of: parts[0]) : nil
      files.append((path, parts[parts.count - 2], split))
    }
    let labels = Set(files.map(\.label)).sorted()
    var lists = [ExampleList(name, .train), ExampleList(name, .test)]
    for (index, file) in files.enumerated() {
      let row = Row(
        file: file.path, number: index + 1, fields: .record([("image", .text(file.path))]))
      // Few classes are named in the prompt; among many the answer is free.
      let options = labels.count >= 2 && labels.count <= 26 ? labels : []
      let place = ["test", "validation"].contains(file.split) ? 1 : 0
      try lists[place].add(
        row, id: file.path, images: [source.file(file.path, row, "image")],
        question: "What does the image show?",
        answers: [
          options.isEmpty
            ? file.label : ExampleList.letter(file.label, options, row, "image")
        ], options: options)
    }
    return try gathered(lists, source)
  }
}
