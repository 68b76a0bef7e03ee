import MDMData
import Testing

@Suite struct ContentHashTests {
  private func hash(_ bytes: [UInt8]) -> String {
    var hash = ContentHash()
    hash.update(bytes)
    return hash.hexadecimal
  }

  @Test func itAgreesWithTheStandardsExamples() {
    #expect(
      hash(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      hash(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test func howBytesAreCutMakesNoDifference() {
    let bytes = (0..<300).map { UInt8($0 % 251) }
    for cut in [1, 63, 64, 65, 200] {
      var parts = ContentHash()
      parts.update(Array(bytes[..<cut]))
      parts.update(Array(bytes[cut...]))
      #expect(parts.hexadecimal == hash(bytes))
    }
  }
}
