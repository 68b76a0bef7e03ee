import MDMPlots
import MDMRuntime

/// A picture as scripts hold it.
final class PlotValue: FieldedValue, PresentedValue {
  let figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  var typeName: String { "Plot" }

  static let fields: [(name: String, read: @Sendable (PlotValue) -> Datum)] = [
    ("title", { .string($0.figure.title) })
  ]

  func isEqual(to other: any DomainValue) -> Bool { (other as? PlotValue)?.figure == figure }

  func add(to presentation: inout Presentation) { presentation.figure = figure }

  func display(_ width: Int) -> String { "Plot \"\(figure.title)\"" }
}

extension NativeCall {
  /// Runs a step of `MDMPlots`; its error becomes one of this call.
  func plotting<T>(_ body: () throws(PlotError) -> T) throws -> T {
    do { return try body() } catch { throw fail("E0802", error.message, hint: error.hint) }
  }
}
