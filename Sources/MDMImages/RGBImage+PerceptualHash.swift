extension RGBImage {
  /// 64 bits that stay nearly the same when a picture is resized, recompressed or brightened.
  ///
  /// The grey picture is brought to 9 x 8 pixels by averages; each bit tells whether a pixel is
  /// darker than its right neighbour. Two pictures whose hashes differ in few bits look alike.
  ///
  /// Source: the difference hash of N. Krawetz, "Kind of Like That" (2013).
  public var differenceHash: UInt64 {
    guard width > 0, height > 0 else { return 0 }
    let cells = Self.averages(self, columns: 9, rows: 8)
    var hash: UInt64 = 0
    for row in 0..<8 {
      for column in 0..<8 {
        let at = row * 9 + column
        hash = hash << 1 | (cells[at] < cells[at + 1] ? 1 : 0)
      }
    }
    return hash
  }

  // Luma of ITU-R BT.601, averaged over each cell's pixels; at least one pixel a cell.
  private static func averages(_ image: RGBImage, columns: Int, rows: Int) -> [Int] {
    var result: [Int] = []
    for row in 0..<rows {
      let top = row * image.height / rows
      let bottom = max(top + 1, (row + 1) * image.height / rows)
      for column in 0..<columns {
        let left = column * image.width / columns
        let right = max(left + 1, (column + 1) * image.width / columns)
        var sum = 0
        for y in top..<bottom {
          for x in left..<right {
            let at = (y * image.width + x) * 3
            sum +=
              299 * Int(image.pixels[at]) + 587 * Int(image.pixels[at + 1]) + 114
              * Int(image.pixels[at + 2])
          }
        }
        result.append(sum / ((bottom - top) * (right - left)))
      }
    }
    return result
  }
}
