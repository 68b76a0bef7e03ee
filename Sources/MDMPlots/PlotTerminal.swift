/// Where a picture goes: the kind of file, or a terminal's cells.
public enum PlotTerminal: Sendable, Equatable {
  /// A PNG file with `scale` times the figure's size in pixels.
  case png(scale: Double = 2)
  /// An SVG file.
  case svg
  /// Escape sequences that draw the pixels in a terminal that speaks sixel.
  case sixel(scale: Double = 1)
  /// A picture of characters for a terminal, with colours where it shows them.
  case text(columns: Int, rows: Int, isColored: Bool = false)

  /// gnuplot's `set terminal` line for a figure of this size.
  func command(size: Figure.Size) -> String {
    switch self {
    case .png(let scale):
      // Sizes grow with the scale so that the same figure is only sharper, not different.
      let factor = min(max(scale, 0.5), 8)
      let width = Int((Double(size.width) * factor).rounded())
      let height = Int((Double(size.height) * factor).rounded())
      let scaled = decimal(factor, places: 2)
      return "set terminal pngcairo noenhanced size \(width),\(height) font 'DejaVu Sans,10'"
        + " fontscale \(scaled) linewidth \(scaled) pointscale \(scaled) background '#FFFFFF'"
    case .sixel(let scale):
      let factor = min(max(scale, 0.5), 4)
      let scaled = decimal(factor, places: 2)
      return "set terminal sixelgd noenhanced truecolor background rgb 'white' size "
        + "\(Int(Double(size.width) * factor)),\(Int(Double(size.height) * factor))"
        + " font 'DejaVu Sans,10' fontscale \(scaled) linewidth \(scaled)"
    case .svg:
      return "set terminal svg noenhanced size \(size.width),\(size.height)"
        + " font 'DejaVu Sans,13' linewidth 1 rounded dashlength 1 background '#FFFFFF' name 'mdm'"
    case .text(let columns, let rows, let isColored):
      return "set terminal dumb noenhanced size \(columns),\(rows) nofeed "
        + (isColored ? "ansi256" : "mono")
    }
  }

  var isText: Bool { if case .text = self { true } else { false } }
}
