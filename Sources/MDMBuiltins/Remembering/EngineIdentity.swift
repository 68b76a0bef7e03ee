import MDMModels
import MDMTensors

/// What computes: results are equal to the bit only where it is the same.
enum EngineIdentity {
  /// A hash of the executable and the name of the processor whose kernels multiply.
  static let text: String? = {
    guard let program = try? Policy.fingerprint(ofFile: "/proc/self/exe") else { return nil }
    return "\(program) \(BLAS.coreName)"
  }()
}
