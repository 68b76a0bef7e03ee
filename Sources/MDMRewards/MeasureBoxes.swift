import MDMData
import MDMJSON

/// Boxes and points among the arguments of measures.
extension MeasureArguments {
  /// A reference box: four numbers.
  func box(_ index: Int) throws(MeasureError) -> Box {
    guard let box = Self.box(values[index]) else {
      throw MeasureError(index, "a box is four numbers [x0, y0, x1, y1]")
    }
    return box
  }

  /// A predicted box: four numbers or a text with exactly these; nil where it is none.
  func predictedBox(_ index: Int) -> Box? { Self.box(values[index]) }

  /// A list of boxes, or of records with `box` and perhaps `label` and `confidence`.
  ///
  /// One box alone counts as a list of it. Of predictions those that are no boxes become ones that
  /// overlap nothing; of references they are errors.
  func detections(_ index: Int, isReference: Bool) throws(MeasureError) -> [Detection] {
    if let single = Self.box(values[index]) { return [Detection(box: single)] }
    var items: [JSONNode] = []
    switch values[index] {
    case .array(let list): items = list
    case .string(let text):
      // What a policy wrote: JSON, or nothing that counts.
      if let node = try? JSONNode(parsing: Array(text.utf8)), let list = node.elements {
        if let single = Self.box(node) { return [Detection(box: single)] }
        items = list
      } else if isReference {
        throw MeasureError(index, "the text is no JSON list of boxes")
      }
    default:
      throw MeasureError(index, "a list of boxes is needed here, not \(values[index].kind)")
    }
    guard items.count <= Detection.limit else {
      throw MeasureError(index, "there are \(items.count) boxes, more than \(Detection.limit)")
    }
    var detections: [Detection] = []
    for item in items {
      let place = item["box"] ?? item["bbox_2d"] ?? item["bbox"] ?? item
      guard let box = Self.box(place) else {
        if isReference { throw MeasureError(index, "\(item.kind) is no box [x0, y0, x1, y1]") }
        detections.append(Detection(box: Box(0, 0, 0, 0)))
        continue
      }
      let confidence = item["confidence"]?.number ?? 1
      detections.append(
        Detection(
          box: box, label: item["label"]?.text,
          confidence: confidence.isFinite ? min(max(confidence, 0), 1) : 0))
    }
    return detections
  }

  /// Exactly as many numbers as asked for, of a list or a text.
  static func numbers(_ node: JSONNode, count: Int) -> [Double]? {
    switch node {
    case .array(let items):
      guard items.count == count else { return nil }
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      for item in items {
        guard let number = item.number else { return nil }
        numbers.append(number)
      }
      return numbers
    case .string(let text):
      let tokens = AnswerParser.tokens(text)
      guard tokens.count == count else { return nil }
      let numbers = tokens.compactMap(AnswerParser.decimal)
      return numbers.count == count ? numbers : nil
    default: return nil
    }
  }

  private static func box(_ node: JSONNode) -> Box? {
    numbers(node, count: 4).map { Box($0[0], $0[1], $0[2], $0[3]) }
  }
}

/// One box that was predicted or is there.
struct Detection: Hashable {
  /// The most boxes of one image; matching takes time with the cube of them.
  static let limit = 500

  var box: Box
  var label: String?
  var confidence = 1.0

  /// Whether the labels allow the two to be one thing; a missing label fits any.
  func fits(_ other: Detection) -> Bool {
    label == nil || other.label == nil || label == other.label
  }
}
