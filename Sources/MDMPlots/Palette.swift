/// Colours that stay apart for colour-blind readers and in print.
enum Palette {
  /// Okabe and Ito's qualitative palette without its yellow, which vanishes on white; grey is added.
  static let series = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C",
  ]
  /// Dashes tell series apart once the colours have gone round.
  static let dashes = ["solid", "(12,5)", "(3,4)", "(12,4,3,4)"]
  /// Filled point shapes: circle, square, triangle, inverted triangle, diamond, pentagon.
  static let points = [7, 5, 9, 11, 13, 15]

  static let text = "#222222"
  static let muted = "#666666"
  static let frame = "#888888"
  static let grid = "#E4E4E4"
  static let context = "#D0D0D0"
  static let reference = "#777777"
  static let optimum = "#D55E00"
  /// Inks on cells and maps, whose colours stand for values and are the same in every scheme.
  static let onDark = "#FEFEFE"
  static let onLight = "#212121"

  /// Viridis in nine steps: even in lightness, readable in grey.
  static let heat = [
    "#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30",
    "#FDE725",
  ]

  /// Blue, white, vermilion: what is below, at and above a center.
  static let diverging = ["#0072B2", "#7FB8D8", "#F7F7F7", "#EAAE7F", "#D55E00"]

  static func color(_ index: Int) -> String { series[index % series.count] }
  static func dash(_ index: Int) -> String { dashes[(index / series.count) % dashes.count] }
  static func point(_ index: Int) -> Int { points[index % points.count] }
}
