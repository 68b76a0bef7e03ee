import MDMImages

/// What can be wrong with a dataset's files or with a mixture.
public enum DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file or folder cannot be read; the reason is the system's.
  case cannotRead(path: String, reason: String)
  /// The folder holds no file that ends in `.jsonl`, or only empty ones.
  case noExamples(folder: String)
  /// A line is not a JSON object; columns count bytes from 1.
  case badJSON(file: String, line: Int, column: Int, reason: String)
  /// A line is not UTF-8 from a column on.
  case badText(file: String, line: Int, column: Int)
  /// A field is missing, has the wrong type or a value that cannot be used.
  case badField(file: String, line: Int, field: String, reason: String, hint: String)
  /// The image of a line is missing.
  case missingImage(file: String, line: Int, image: String)
  /// The image of a line cannot be decoded.
  case badImage(file: String, line: Int, image: String, error: ImageError)
  /// A file of data is not what its name says, or cut off, or damaged.
  case badFile(file: String, reason: String, hint: String)
  /// A field of a row is missing, has the wrong type or a value that cannot be used.
  case badRow(file: String, row: Int, field: String, reason: String, hint: String)
  /// The picture of an example cannot be read or decoded.
  case badExample(id: String, error: ImageError)
  /// An interrupt came while files were read.
  case interrupted
  /// Weights that make no mixture.
  case badMixture(reason: String)

  /// What is wrong and where.
  public var description: String {
    switch self {
    case .cannotRead(let path, let reason): "cannot read `\(path)`: \(reason)"
    case .noExamples(let folder): "`\(folder)` holds no examples"
    case .badJSON(let file, let line, let column, let reason):
      "\(file):\(line):\(column): not a JSON object: \(reason)"
    case .badText(let file, let line, let column): "\(file):\(line):\(column): not UTF-8 text"
    case .badField(let file, let line, let field, let reason, _):
      "\(file):\(line): field `\(field)` \(reason)"
    case .missingImage(let file, let line, let image):
      "\(file):\(line): field `image` names `\(image)`, which does not exist"
    case .badImage(let file, let line, let image, let error):
      "\(file):\(line): the image `\(image)` \(error)"
    case .badFile(let file, let reason, _): "`\(file)` \(reason)"
    case .badRow(let file, let row, let field, let reason, _):
      "\(file), row \(row)\(field.isEmpty ? "" : ", field `\(field)`") \(reason)"
    case .badExample(let id, let error): "the image of \(id) \(error)"
    case .interrupted: "interrupted"
    case .badMixture(let reason): "this is no mixture: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .cannotRead: "check the path and its permissions"
    case .noExamples:
      "put one JSON object a line into a file such as `train.jsonl`, images beside it"
    case .badJSON: "write one JSON object a line, with double quotes and no trailing comma"
    case .badText: "save the file as UTF-8"
    case .badField(_, _, _, _, let hint): hint
    case .missingImage: "image paths are relative to the folder of the .jsonl file"
    case .badImage(_, _, _, let error): error.hint
    case .badFile(_, _, let hint): hint
    case .badRow(_, _, _, _, let hint): hint
    case .badExample(_, let error): error.hint
    case .interrupted: ""
    case .badMixture: "give every domain a weight of at least 0, and one of them more"
    }
  }
}
