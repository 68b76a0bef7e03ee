/// The tree of a file's columns.
///
/// Source: Apache Parquet format, `SchemaElement` and LogicalTypes.md (lists with their older forms).
public final class ParquetNode: Sendable {
  enum Repetition: Int { case required, optional, repeated }

  /// What a leaf's values mean.
  enum Meaning: Sendable, Equatable {
    case plain, text
    /// A whole number divided by a power of ten.
    case decimal(scale: Int)
    case unsigned
    case halfFloat
  }

  enum Shape: Sendable, Equatable { case record, list, map }

  public let name: String
  let repetition: Repetition
  public let children: [ParquetNode]
  let shape: Shape
  /// The physical type of a leaf, 0 to 7; nil for groups.
  let type: Int?
  let fixedLength: Int
  let meaning: Meaning
  /// The definition and repetition levels of an entry that has this node.
  let definition: Int
  let repeats: Int
  /// The places of its leaves among all leaves of the file.
  let leaves: Range<Int>

  /// The names of its children.
  public var fields: [String] { children.map(\.name) }

  /// Whether it is the record of bytes and path in which Hugging Face keeps images.
  public var isImage: Bool {
    children.count >= 1 && children.count <= 2
      && children.contains { $0.name == "bytes" && $0.type == 6 }
  }

  private struct Parser {
    let elements: [ThriftValue]
    var at = 0
    var leaf = 0

    mutating func node(definition: Int, repeats: Int, depth: Int) throws(ParquetError)
      -> ParquetNode
    {
      guard at < elements.count, depth < 64 else { throw .damaged(reason: "wrong schema") }
      let element = elements[at]
      at += 1
      let isRoot = depth == 0
      guard let name = element[4]?.text,
        let repetition = isRoot ? .required : Repetition(rawValue: element[3]?.int ?? 0)
      else { throw .damaged(reason: "wrong schema") }
      let definition = definition + (repetition == .required ? 0 : 1)
      let repeats = repeats + (repetition == .repeated ? 1 : 0)
      let first = leaf
      var children: [ParquetNode] = []
      let count = element[5]?.int ?? 0
      guard count >= 0, count <= elements.count - at else { throw .damaged(reason: "wrong schema") }
      let type = element[1]?.int
      if count > 0 || type == nil {
        for _ in 0..<count {
          children.append(try node(definition: definition, repeats: repeats, depth: depth + 1))
        }
      } else {
        guard let type, (0...7).contains(type), !isRoot else {
          throw .damaged(reason: "wrong schema")
        }
        leaf += 1
      }
      return ParquetNode(
        name: name, repetition: repetition, children: children, element: element,
        type: children.isEmpty ? type : nil, definition: definition, repeats: repeats,
        leaves: first..<leaf)
    }
  }

  static func tree(_ elements: [ThriftValue]) throws(ParquetError) -> ParquetNode {
    var parser = Parser(elements: elements)
    let root = try parser.node(definition: 0, repeats: 0, depth: 0)
    guard parser.at == elements.count else { throw .damaged(reason: "wrong schema") }
    return root
  }

  private init(
    name: String, repetition: Repetition, children: [ParquetNode], element: ThriftValue,
    type: Int?, definition: Int, repeats: Int, leaves: Range<Int>
  ) {
    self.name = name
    self.repetition = repetition
    self.children = children
    self.type = type
    self.definition = definition
    self.repeats = repeats
    self.leaves = leaves
    fixedLength = element[2]?.int ?? 0
    let converted = element[6]?.int
    let logical = element[10]
    if converted == 3 || logical?[3] != nil {
      shape = .list
    } else if converted == 1 || converted == 2 || logical?[2] != nil {
      shape = .map
    } else {
      shape = .record
    }
    // Converted types: 0 UTF8, 4 ENUM, 5 DECIMAL, 11...14 UINT, 19 JSON.
    if converted == 0 || converted == 4 || converted == 19 || logical?[1] != nil
      || logical?[4] != nil || logical?[11] != nil
    {
      meaning = .text
    } else if converted == 5 || logical?[5] != nil {
      meaning = .decimal(scale: logical?[5]?[1]?.int ?? element[7]?.int ?? 0)
    } else if (11...14).contains(converted ?? 0) {
      meaning = .unsigned
    } else if logical?[15] != nil {
      meaning = .halfFloat
    } else {
      meaning = .plain
    }
  }

  /// All leaves below it, in order.
  var allLeaves: [ParquetNode] { type != nil ? [self] : children.flatMap(\.allLeaves) }
}
