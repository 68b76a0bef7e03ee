import CCompression

/// How the pages of a column are compressed.
enum Codec: Int {
  case none = 0
  case snappy = 1
  case gzip = 2
  case zstd = 6

  /// No page is larger: a header that says so is damaged or made to fill the memory.
  static let pageLimit = 1 << 30

  init(number: Int) throws(ParquetError) {
    guard let codec = Codec(rawValue: number) else {
      let names = [3: "LZO", 4: "Brotli", 5: "LZ4", 7: "LZ4_RAW"]
      throw .unsupported("\(names[number] ?? "unknown") compression")
    }
    self = codec
  }

  /// No packed byte stands for more than so many: a copy of 64 bytes takes three in snappy, one of
  /// 258 bytes two bits in gzip; zstd repeats a block of 128 KiB by four bytes.
  private var greatestRatio: Int {
    switch self {
    case .none: 1
    case .snappy: 64
    case .gzip: 1_100
    case .zstd: 50_000
    }
  }

  /// The bytes of a page, of which the header says how many there are.
  func unpacked(_ bytes: UnsafeRawBufferPointer, size: Int) throws(ParquetError) -> [UInt8] {
    guard size >= 0, size <= Self.pageLimit, size / greatestRatio <= bytes.count else {
      throw .damaged(reason: "a page of \(size) bytes")
    }
    var count = 0
    let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      let from = bytes.bindMemory(to: UInt8.self).baseAddress
      switch self {
      case .none:
        count = bytes.count == size ? size : -1
        if count == size, size > 0 { buffer.baseAddress?.update(from: from!, count: size) }
      case .snappy:
        count = mdm_decompress(mdm_snappy, from, bytes.count, buffer.baseAddress, size)
      case .gzip:
        count = mdm_decompress(mdm_deflate_gzip, from, bytes.count, buffer.baseAddress, size)
      case .zstd:
        count = mdm_decompress(mdm_zstd, from, bytes.count, buffer.baseAddress, size)
      }
      used = count == size ? size : 0
    }
    guard count == size else { throw .damaged(reason: "a page that cannot be unpacked") }
    return result
  }
}
