import Glibc
import MDMData
import MDMImages

// Reads a folder of a layout to decoded pixels, one example after the other, with others decoded
// ahead as training has it, and prints the times and the most memory. For scripts/parity it prints
// a digest of each image, or the rows of a Parquet file.
//   data-read FOLDER [CACHE_MIB [LAYOUT]]
//   data-read digests FOLDER [LONGEST_SIDE]
//   data-read rows FILE.parquet

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case nil:
  print("usage: data-read FOLDER [CACHE_MIB [LAYOUT]] | digests FOLDER [SIDE] | rows FILE")
  exit(2)
case "rows" where arguments.count > 1: try ValueText.printRows(of: arguments[1])
case "digests" where arguments.count > 1:
  try digests(arguments[1], arguments.count > 2 ? Int(arguments[2]) : nil)
default: try time(arguments)
}

func loader(_ name: String) -> any DatasetLoader {
  guard let loader = LoaderCatalogue.named(name) else {
    print("no layout \(name)")
    exit(2)
  }
  return loader
}

/// Prints id, size and an FNV-1a hash of the pixels of each image of a folder of classes.
func digests(_ folder: String, _ longestSide: Int?) throws {
  for set in try loader("image_folder").datasets(LoadSource(folder, longestSide: longestSide)) {
    for index in 0..<set.count {
      let image = try set[index].image.decoded()
      let hash = image.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      }
      print(set[index].id, image.width, image.height, hash)
    }
  }
}

func time(_ arguments: [String]) throws {
  let limit = arguments.count > 1 ? Int(arguments[1]) ?? 256 : 256
  let source = LoadSource(arguments[0], cache: ImageCache(limit: limit << 20))
  let clock = ContinuousClock()
  let start = clock.now
  let sets = try loader(arguments.count > 2 ? arguments[2] : "scienceqa").datasets(source)
  let loaded = clock.now
  var (count, pixels, sum) = (0, 0, 0)
  for set in sets {
    set.prepare(0..<min(64, set.count))
    for index in 0..<set.count {
      set.prepare([index + 64])
      for image in set[index].images {
        let decoded = try image.decoded()
        pixels += decoded.width * decoded.height
        sum += Int(decoded.pixels[decoded.pixels.count / 2])
        count += 1
      }
    }
  }
  let done = clock.now
  func seconds(_ duration: Duration) -> String {
    String(Double(duration / .milliseconds(1)).rounded() / 1000)
  }
  print(
    "mdm: \(count) images, \(pixels) pixels, check \(sum), opened in \(seconds(loaded - start)) s, "
      + "all in \(seconds(done - start)) s, \(Threads.count) threads, "
      + "peak \(peakMemory() / 1024) MiB")
}

/// The process's peak of resident memory in KiB; `getrusage` would count that of the parent before the start.
func peakMemory() -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      .split { $0 == " " || $0 == "\t" }
    if words.first == "VmHWM:", words.count > 1 { return Int(words[1]) ?? 0 }
  }
  return 0
}
