import Foundation
import MDMParquet

/// Any bytes are rows or are refused with a sentence.
public struct ParquetTarget: FuzzTarget {
  public static let name = "parquet"
  private let corpus: [[UInt8]]

  public init(root: String) {
    corpus = Corpus.bytes("Tests/Fixtures/parquet", excluding: [".txt"], below: root)
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] { Corpus.mutated(corpus, &random) }

  public func run(_ input: [UInt8]) throws {
    do throws(ParquetError) {
      let file = try ParquetFile(bytes: input)
      for column in file.columns {
        for value in try file.values(column.name) {
          if case .stored(let bytes) = value { _ = try bytes.bytes() }
        }
      }
    } catch {
      try BrokenLaw.unless(
        !error.description.isEmpty && !error.hint.isEmpty, "refused in silence")
    }
  }
}
