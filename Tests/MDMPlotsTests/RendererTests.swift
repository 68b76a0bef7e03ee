import Glibc
import MDMPlots
import Testing

@Suite struct RendererTests {
  let renderer = FigureRenderer()

  @Test(arguments: Samples.all.map(\.name))
  func everyKindDrawsEveryFormat(name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    let png = try renderer.data(figure, as: .png(scale: 1))
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let svg = String(decoding: try renderer.data(figure, as: .svg), as: UTF8.self)
    #expect(svg.contains("</svg>"))
    #expect(svg.contains(figure.title))
    let text = try renderer.text(figure, columns: 72)
    #expect(text.hasPrefix(figure.title))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 72 })
  }

  @Test(arguments: [(20, 8), (31, 12), (40, 60), (300, 9)])
  func tightTerminalsStillGetAPicture(columns: Int, rows: Int) throws {
    for (_, figure) in Samples.all {
      #expect(try !renderer.text(figure, columns: columns, rows: rows).isEmpty)
    }
  }

  @Test func manyNamesInASmallPictureAreDrawn() throws {
    let series = (0..<30).map { Series.line("a long name \($0)", x: [0, 1], y: [0, 1]) }
    let size = Figure.Size(width: 200, height: 100)
    let figure = Figure(title: "t", content: .chart(Chart(series: series)), size: size)
    #expect(try !renderer.data(figure, as: .svg).isEmpty)
  }

  @Test func drawingTwiceGivesTheSameBytes() throws {
    for (_, figure) in Samples.all {
      let svg = try renderer.data(figure, as: .svg)
      #expect(try renderer.data(figure, as: .svg) == svg)
    }
  }

  @Test(arguments: Samples.all.map(\.name))
  func picturesOfPagesFollowTheirScheme(name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    let plain = String(decoding: try renderer.data(figure, as: .svg), as: UTF8.self)
    let svg = String(decoding: try renderer.pageSVG(figure), as: UTF8.self)
    // The ground is the page's, ink has a dark twin, and its colour is written as the style names it.
    #expect(plain.contains("fill=\"#ffffff\"") && !svg.contains("fill=\"#ffffff\""))
    #expect(svg.contains("@media (prefers-color-scheme:dark)"))
    #expect(svg.contains("[fill=\"rgb(34,34,34)\"]{fill:#DFE6EE}"))
    #expect(svg.contains(" fill=\"rgb(34,34,34)\"") && !svg.contains("rgb( "))
  }

  @Test func inksOnColouredCellsStayInEveryScheme() throws {
    let map = HeatMap(rows: ["a"], columns: ["x", "y"], values: [[0, 1]])
    let svg = String(
      decoding: try renderer.pageSVG(Figure(title: "", content: .heat(map))), as: UTF8.self)
    for ink in ["rgb(254,254,254)", "rgb(33,33,33)"] {
      #expect(svg.contains("fill=\"\(ink)\"") && !svg.contains("[fill=\"\(ink)\"]"))
    }
  }

  @Test func textThatLooksLikeAColourIsKept() throws {
    let figure = Figure(
      title: "rgb( a word, and no end",
      content: .chart(Chart(series: [.line("a", x: [0, 1], y: [0, 1])])))
    let svg = String(decoding: try renderer.pageSVG(figure), as: UTF8.self)
    #expect(svg.contains("rgb( a word, and no end"))
  }

  @Test func namesAppearInThePictureAsTheyAre() throws {
    let svg = String(decoding: try renderer.data(Samples.curves, as: .svg), as: UTF8.self)
    #expect(svg.contains("sat_only {v2}"))
  }

  @Test func aPictureOfTextShowsTheBars() throws {
    let text = try renderer.text(Samples.bars, columns: 70)
    #expect(text.contains("0.600 [0.500, 0.700]"))
    #expect(text.contains("uniform"))
  }

  @Test func percentTicksAreNotReadAsFormats() throws {
    let figure = Figure(
      title: "",
      content: .chart(
        Chart(y: Axis("share", isPercent: true), series: [.line("a", x: [0, 1], y: [0, 1])])))
    let svg = String(decoding: try renderer.data(figure, as: .svg), as: UTF8.self)
    #expect(svg.contains("100%<") || svg.contains("100%\n"))
    #expect(!svg.contains("%%"))
  }

  @Test func filesAppearWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    try renderer.write(Samples.curves, to: folder.path + "/figure.svg")
    try renderer.write(Samples.curves, to: folder.path + "/figure.png")
    #expect(access(folder.path + "/figure.svg", R_OK) == 0)
    #expect(access(folder.path + "/figure.png", R_OK) == 0)
    #expect(
      throws: PlotError.unwritable(
        path: folder.path + "/no/figure.png", reason: "No such file or directory")
    ) { try renderer.write(Samples.curves, to: folder.path + "/no/figure.png") }
    #expect(throws: PlotError.unknownFormat(path: "x.bmp")) {
      try renderer.write(Samples.curves, to: "x.bmp")
    }
  }

  @Test func aMissingGnuplotSaysHowToGetIt() {
    let missing = FigureRenderer(program: "gnuplot-that-is-not-there")
    let error = #expect(throws: PlotError.self) {
      try missing.data(Samples.curves, as: .svg)
    }
    #expect(error?.hint == "install it with: apt-get install gnuplot-nox")
    #expect(error?.description.contains("gnuplot-that-is-not-there") == true)
  }

  @Test func aProgramThatIsNoGnuplotIsATypedError() {
    #expect(throws: PlotError.self) {
      try FigureRenderer(program: "false").data(Samples.curves, as: .svg)
    }
  }

  @Test func aFolderThatHasGoneIsATypedError() {
    let error = #expect(throws: PlotError.self) {
      try FigureRenderer(temporaryFolder: "/nonexistent").data(Samples.curves, as: .svg)
    }
    #expect(error?.message.contains("/nonexistent") == true)
  }

  @Test func picturesMayBeDrawnAtOnce() async throws {
    let renderer = self.renderer
    let expected = try renderer.data(Samples.curves, as: .svg)
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<4 { group.addTask { try renderer.data(Samples.curves, as: .svg) } }
      for try await picture in group { #expect(picture == expected) }
    }
  }
}

@Suite struct FontTests {
  @Test func boldTitlesAreBoldInSVG() throws {
    let chart = Chart(series: [.line("a", x: [0, 1], y: [0, 1])])
    let bytes = try FigureRenderer().data(Figure(title: "t", content: .chart(chart)), as: .svg)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("font-family=\"DejaVu Sans, sans-serif\" font-weight=\"bold\""))
    #expect(!text.contains(":Bold"))
  }
}
