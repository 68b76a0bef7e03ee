import MDMImages

/// A picture of a dataset's first examples with their questions, answers and boxes.
///
/// - Parameters:
///   - dataset: What to show; a dataset of too few examples leaves places empty.
///   - rows: Examples from top to bottom, at least 1.
///   - columns: Examples from left to right, at least 1.
public func contactSheet(_ dataset: Dataset, rows: Int = 3, columns: Int = 4) -> RGBImage {
  let (rows, columns) = (min(max(rows, 1), 40), min(max(columns, 1), 40))
  let picture = 192
  let margin = 8
  let lineHeight = 12
  let lines = 3
  let cell = (width: picture + 2 * margin, height: picture + margin + (lines + 1) * lineHeight + 12)
  let titleHeight = 24
  var canvas = Canvas(
    width: columns * cell.width, height: titleHeight + rows * cell.height,
    fill: RGBColor(246, 246, 244))
  canvas.text(
    "\(dataset.name)  (\(dataset.count) examples)", x: margin, y: 6, scale: 2,
    RGBColor(40, 40, 60))
  for place in 0..<min(rows * columns, dataset.count) {
    let example = dataset[place]
    let x = place % columns * cell.width + margin
    let y = titleHeight + place / columns * cell.height + 2
    // What cannot be decoded is an empty field here; training says why.
    let image = (try? example.image.decoded()) ?? RGBImage(width: 1, height: 1)
    let scale = max(min(picture / max(image.width, 1), picture / max(image.height, 1)), 1)
    let fits = image.width <= picture && image.height <= picture
    let shown =
      fits
      ? image.scaled(by: scale)
      : {
        let factor = Double(picture) / Double(max(image.width, image.height))
        return image.resized(
          width: Int(Double(image.width) * factor), height: Int(Double(image.height) * factor))
      }()
    canvas.draw(shown, x: x, y: y)
    canvas.strokeRectangle(
      x: x - 1, y: y - 1, width: shown.width + 2, height: shown.height + 2,
      RGBColor(160, 160, 160))
    if let box = example.box, box.isValid {
      let sx = Double(shown.width) / Double(max(image.width, 1))
      let sy = Double(shown.height) / Double(max(image.height, 1))
      let scaled = box.scaled(x: sx, y: sy)
      let (left, top) = (Int(scaled.x0), Int(scaled.y0))
      let (width, height) = (Int(scaled.x1) - left, Int(scaled.y1) - top)
      // Black with a white seam is visible on every colour.
      canvas.strokeRectangle(
        x: x + left, y: y + top, width: width, height: height, thickness: 3, .white)
      canvas.strokeRectangle(
        x: x + left, y: y + top, width: width, height: height, thickness: 2, .black)
    }
    var row = y + picture + 5
    for line in wrap(example.question, width: picture / 6).prefix(lines) {
      canvas.text(line, x: x, y: row, RGBColor(30, 30, 30))
      row += lineHeight
    }
    canvas.text(example.answer, x: x, y: row + 1, scale: 2, RGBColor(0, 70, 190))
  }
  return canvas.image
}

/// Lines of at most `width` characters, broken between words where that is possible.
private func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if line.isEmpty {
      line = String(word)
    } else if line.count + 1 + word.count <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  return line.isEmpty ? lines : lines + [line]
}
