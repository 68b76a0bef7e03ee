/// A font of 5 x 7 dots, and one more row for descenders, for the printable ASCII characters.
enum BitmapFont {
  static let width = 5
  static let height = 8
  /// From one character's left edge to the next one's.
  static let advance = 6

  /// A character's five columns from the left; the lowest bit of a column is its top dot.
  static func columns(of character: Character) -> ArraySlice<UInt8> {
    let code = character.asciiValue.flatMap { (32...126).contains($0) ? Int($0) : nil } ?? 63
    let start = (code - 32) * width
    return dots[start..<(start + width)]
  }

  // Two hexadecimal digits a column, ten a character, from the space to the tilde.
  private static let dots: [UInt8] = {
    let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }()

  private static let hexadecimal = """
    0000000000 00005F0000 0007000700 147F147F14 242A7F2A12 6313086463 3649552250 0000070000
    001C224100 0041221C00 14083E0814 08083E0808 00A0600000 0808080808 0060600000 2010080402
    3E5149453E 00427F4000 4261514946 2141454B31 1814127F10 2745454539 3C4A494930 0171090503
    3649494936 064949291E 0036360000 00A6660000 0814224100 1414141414 0041221408 0201510906
    3E415D550E 7E0909097E 7F49494936 3E41414122 7F4141221C 7F49494941 7F09090901 3E4149497A
    7F0808087F 00417F4100 2040413F01 7F08142241 7F40404040 7F020C027F 7F0408107F 3E4141413E
    7F09090906 3E4151215E 7F09192946 4649494931 01017F0101 3F4040403F 1F2040201F 3F4038403F
    6314081463 0708700807 6151494543 007F414100 0204081020 0041417F00 0402010204 4040404040
    0001020400 2054545478 7F48444438 3844444420 384444487F 3854545418 087E090102 18A4A4A47C
    7F08040478 00447D4000 4080847D00 7F10284400 00417F4000 7C04180478 7C08040478 3844444438
    FC24242418 18242424FC 7C08040408 4854545420 043F444020 3C4040207C 1C2040201C 3C4030403C
    4428102844 1CA0A0A07C 4464544C44 0008364100 00007F0000 0041360800 0804081008
    """
}
