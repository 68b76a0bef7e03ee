import Glibc
import MDMModels
import MDMNumerics
import MDMTensors

/// Times what a large checkpoint costs: opening it, decoding one sequence, memory.
enum Decoding {
  /// The kilobytes of a line of /proc/self/status.
  private static func status(_ name: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      if text.hasPrefix(name + ":") {
        return Int(text.split(separator: " ").dropLast().last?.filter(\.isNumber) ?? "") ?? 0
      }
    }
    return 0
  }

  /// The rate at which all threads together read a buffer of 1 GiB, in bytes a second.
  private static func readRate() -> Double {
    let count = 1 << 30
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    defer { buffer.deallocate() }
    memset(buffer, 1, count)
    let pieces = 64
    var best = Double.infinity
    for _ in 0..<5 {
      let start = now(CLOCK_MONOTONIC)
      Workers.run(pieces) { piece in
        // Any bits but those of infinities pass; the check reads all of them.
        precondition(
          Halves.areFinite(buffer + piece * (count / pieces), count: count / pieces / 2))
      }
      best = min(best, now(CLOCK_MONOTONIC) - start)
    }
    return Double(count) / best
  }

  static func run(_ folder: String) throws {
    func rounded(_ value: Double, _ places: Double = 100) -> Double {
      (value * places).rounded() / places
    }
    let rate = readRate()
    let start = now(CLOCK_MONOTONIC)
    let policy = try Policy(folder: folder)
    print("open: \(rounded(now(CLOCK_MONOTONIC) - start)) s, threads: \(Workers.count)")
    let c = policy.configuration
    let prompt = Prompt(
      tokens: (0..<26).map { Int32(300 + $0 * 17) }, domain: "benchmark", index: 0)
    // What every token reads: the matrices of the text and the head.
    let text = policy.tensors.filter { tensor in
      tensor.isMatrix && tensor.name.hasPrefix("model.") && !tensor.name.contains("embed_tokens")
    }
    let bytes =
      policy.bytesOfAWeight * (text.reduce(0) { $0 + $1.count } + c.vocabularySize * c.hiddenSize)
    func seconds(_ tokens: Int) -> Double {
      let start = now(CLOCK_MONOTONIC)
      _ = policy.generate(
        [prompt], samples: 1,
        options: SamplingOptions(temperature: 1, maxNewTokens: tokens, seed: 3, stopsAtEnd: false))
      return now(CLOCK_MONOTONIC) - start
    }
    _ = seconds(1)
    let new = 16
    let rounds = (0..<5).map { _ in (seconds(new + 1) - seconds(1)) / Double(new) }
    let each = median(rounds)
    let limit = Double(bytes) / rate
    print(
      "decode, one sequence: \(rounded(each * 1e3)) ms a token; limit \(rounded(limit * 1e3)) ms",
      "(\(rounded(Double(bytes) / 1e9)) GB at \(rounded(rate / 1e9)) GB/s): \(rounded(limit / each))"
    )
    let weights = Double(policy.parameterCount * policy.bytesOfAWeight)
    let peak = Double(status("VmHWM")) * 1024
    let own = Double(status("RssAnon")) * 1024
    print(
      "memory: peak \(rounded(peak / 1e9)) GB, weights \(rounded(weights / 1e9)) GB:",
      "\(rounded(peak / weights)); not of the file \(rounded(own / 1e9)) GB")
  }
}
