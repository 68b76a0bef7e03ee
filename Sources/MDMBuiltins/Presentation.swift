import MDMPlots
import MDMRuntime

/// A value to be shown, apart from how: its text, and what else it has to show.
///
/// It owns its content, so that another thread may draw it.
public struct Presentation: Sendable, Equatable {
  /// As printing shows it, without a line break at the end.
  public var text: String
  /// A picture as data; the front end draws it in the best form that it can show.
  public var figure: Figure?
  /// The bytes of an image.
  public var png: [UInt8]?
  /// A table's elements in HTML.
  public var html: String?
  /// A page of help in Markdown.
  public var markdown: String?

  public init(
    text: String, figure: Figure? = nil, png: [UInt8]? = nil, html: String? = nil,
    markdown: String? = nil
  ) {
    self.text = text
    self.figure = figure
    self.png = png
    self.html = html
    self.markdown = markdown
  }

  /// What a value of the domain shows besides its text.
  public init(_ value: (any DomainValue)?, text: String) {
    self.init(text: text)
    (value as? any PresentedValue)?.add(to: &self)
  }

  /// All forms of the value, the most faithful first; a picture is drawn as SVG, as PNG and with
  /// characters, and its data go with it.
  ///
  /// - Parameter columns: the width of a picture of characters.
  /// - Throws: `PlotError` where a picture cannot be drawn.
  public func bundle(columns: Int = 100) throws(PlotError) -> MediaBundle {
    var parts: [MediaBundle.Part] = []
    var plain = text
    if let figure {
      let renderer = FigureRenderer()
      let svg = String(decoding: try renderer.data(figure, as: .svg), as: UTF8.self)
      parts.append(MediaBundle.Part("image/svg+xml", .text(svg)))
      parts.append(MediaBundle.Part("image/png", .bytes(try renderer.data(figure, as: .png()))))
      parts.append(MediaBundle.Part(Figure.mediaType, .json(figure.json)))
      let drawn = try renderer.text(figure, columns: columns)
      plain = drawn.hasSuffix("\n") ? String(drawn.dropLast()) : drawn
    }
    if let png { parts.append(MediaBundle.Part("image/png", .bytes(png))) }
    if let html { parts.append(MediaBundle.Part("text/html", .text(html))) }
    if let markdown { parts.append(MediaBundle.Part("text/markdown", .text(markdown))) }
    parts.append(MediaBundle.Part("text/plain", .text(plain)))
    return MediaBundle(parts)
  }
}

/// A value of the domain that has more to show than text.
protocol PresentedValue: DomainValue {
  /// Adds what it has: a picture, an image, a table in HTML.
  func add(to presentation: inout Presentation)
}
