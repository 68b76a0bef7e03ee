import MDMNumerics

/// Panels (for InfoVQA, held out): the number beside a coloured icon, or the colour of a number.
struct PanelsGenerator: ExampleGenerator {
  let domain = "infovqa"
  let summary = "Read the number beside an icon of a colour, or name the colour of a number."

  var words: [String] {
    distinctWords(["which number is next to the shape", "which colour has the number"])
      + Color.words + (1...5).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let values = Array(stream.shuffled([1, 2, 3, 4, 5]).prefix(4))
    let picture = PanelPicture(values: values, &stream)
    let asked = stream.element(of: picture.panels)
    if stream.integer(below: 4) == 0 {
      return Draft(
        image: picture.image, question: "which colour has the number \(asked.value)",
        answer: asked.color.rawValue, kind: .word)
    }
    return Draft(
      image: picture.image, question: "which number is next to the \(asked.color.rawValue) shape",
      answer: String(asked.value), kind: .number)
  }
}
