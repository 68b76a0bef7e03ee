/// Moments as ISO 8601 texts, in UTC and the proleptic Gregorian calendar.
enum TimeText {
  /// Seconds from the year 1 to the end of 9999, in which texts have four digits.
  static let range = -62_135_596_800.0..<253_402_300_800.0

  /// `2026-11-23T08:12:57Z` for seconds since 1970.
  static func text(_ seconds: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    // Cut, not rounded: a time is never shown before it has come.
    let ticks = (seconds * scale).rounded(.down)
    let whole = Int((ticks / scale).rounded(.down))
    let day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
    let rest = whole - day * 86_400
    let (year, month, date) = civil(day)
    var text =
      padded(year, 4) + "-" + padded(month, 2) + "-" + padded(date, 2) + "T"
      + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2)
    if digits > 0 {
      text += "." + padded(Int(min(max(ticks - Double(whole) * scale, 0), scale - 1)), digits)
    }
    return text + "Z"
  }

  /// Seconds since 1970 of a date, or of a date and time with an offset from UTC; UTC without one.
  static func seconds(_ text: String) -> Double? {
    var reader = Reader(bytes: Array(text.utf8)[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let date = reader.number(2), year > 0, (1...12).contains(month),
      (1...length(year, month)).contains(date)
    else { return nil }
    let day = Double(days(year, month, date)) * 86_400
    if reader.bytes.isEmpty { return day }
    guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2),
      reader.take(":"), let minute = reader.number(2), hour < 24, minute < 60
    else { return nil }
    var second = 0.0
    if reader.take(":") {
      guard let whole = reader.number(2), whole < 60 else { return nil }
      second = Double(whole)
      if reader.take(".") || reader.take(",") {
        guard let fraction = reader.fraction() else { return nil }
        second += fraction
      }
    }
    var offset = 0
    if !reader.take("Z"), !reader.take("z"), !reader.bytes.isEmpty {
      let sign = reader.take("+") ? 1 : reader.take("-") ? -1 : 0
      guard sign != 0, let hours = reader.number(2), hours < 24 else { return nil }
      _ = reader.take(":")
      let minutes = reader.bytes.isEmpty ? 0 : reader.number(2)
      guard let minutes, minutes < 60 else { return nil }
      offset = sign * (hours * 3600 + minutes * 60)
    }
    guard reader.bytes.isEmpty else { return nil }
    return day + Double(hour * 3600 + minute * 60 - offset) + second
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let first = bytes.first, UInt32(first) == character.value else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      guard bytes.count >= digits else { return nil }
      var value = 0
      for _ in 0..<digits {
        let digit = bytes.removeFirst() &- 0x30
        if digit > 9 { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }

    mutating func fraction() -> Double? {
      let digits = bytes.prefix { $0 &- 0x30 < 10 }
      guard !digits.isEmpty, digits.count <= 18 else { return nil }
      bytes = bytes.dropFirst(digits.count)
      return Double("0." + String(decoding: digits, as: UTF8.self))
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
  }

  private static func length(_ year: Int, _ month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  // Days from and to dates over years that begin in March, so that the leap day comes last and
  // 400 years are one era of 146097 days: Hinnant, "chrono-compatible low-level date algorithms".
  private static func days(_ year: Int, _ month: Int, _ date: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let ofEra = y - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let march = (5 * ofYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1)
  }
}
