import MDMNumerics

/// Panels (for InfoVQA, held out): the number beside a coloured icon, or the half it is in.
struct PanelsGenerator: ExampleGenerator {
  let domain = "infovqa"
  let summary = "Read the number beside an icon of a colour, or say in which half it is."

  var words: [String] {
    distinctWords(["which number is next to the shape", "is the number left or right"])
      + Color.words + (1...5).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let values = Array(stream.shuffled([1, 2, 3, 4, 5]).prefix(4))
    let picture = PanelPicture(values: values, &stream)
    let place = stream.integer(below: 4)
    let asked = picture.panels[place]
    if stream.integer(below: 4) == 0 {
      return Draft(
        image: picture.image, question: "is the \(asked.color.rawValue) number left or right",
        answer: place % 2 == 0 ? "left" : "right", kind: .word)
    }
    return Draft(
      image: picture.image, question: "which number is next to the \(asked.color.rawValue) shape",
      answer: String(asked.value), kind: .number)
  }
}
