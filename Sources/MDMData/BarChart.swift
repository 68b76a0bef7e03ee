import MDMImages
import MDMNumerics

/// The charts of the suite: three coloured bars of whole values 1...5 beside an axis of digits.
struct BarChart: Sendable {
  let colors: [Color]
  let values: [Int]

  /// Bars of given values in random colours and order; colours are given in the order of `values`.
  init(values: [Int], _ stream: inout RandomStream) {
    let colors = Array(stream.shuffled(Color.allCases).prefix(values.count))
    let order = stream.shuffled(Array(values.indices))
    self.colors = order.map { colors[$0] }
    self.values = order.map { values[$0] }
    asked = colors
  }

  /// The colours in the order of the values that the chart was made of.
  let asked: [Color]

  /// Three values with one highest and one lowest.
  static func distinctValues(_ stream: inout RandomStream) -> [Int] {
    Array(stream.shuffled([1, 2, 3, 4, 5]).prefix(3))
  }

  var image: RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    let unit = 12
    for value in 1...5 {
      canvas.text(String(value), x: 3, y: 62 - value * unit, .black)
      canvas.fillRectangle(
        x: 11, y: 62 - value * unit, width: 53, height: 1, RGBColor(215, 215, 215))
    }
    for (i, value) in values.enumerated() {
      canvas.fillRectangle(
        x: 17 + i * 16, y: 62 - value * unit, width: 14, height: value * unit, colors[i].rgb)
    }
    canvas.fillRectangle(x: 11, y: 0, width: 2, height: 64, .black)
    canvas.fillRectangle(x: 11, y: 62, width: 53, height: 2, .black)
    return canvas.image
  }
}
