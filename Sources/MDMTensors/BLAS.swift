import COpenBLAS
import Glibc

/// Single-precision matrix products by OpenBLAS; matrices are row-major, `ld` is the distance of rows.
public enum BLAS {
  /// Without the library no model runs: the process ends, as it would if the loader missed it.
  private static let configured: Void = {
    if let failure = mdm_blas_load(getenv("MDM_KEEP_BLAS_CORE") == nil ? 0 : 1) {
      _ = "mdm: \(String(cString: failure))\n".withCString { write(2, $0, strlen($0)) }
      exit(1)
    }
  }()

  /// Loads OpenBLAS, once: one thread, and the kernels of this processor.
  ///
  /// An exported `OPENBLAS_CORETYPE` is forgotten, since a leftover of another program can halve the
  /// speed. `MDM_KEEP_BLAS_CORE=1` keeps it.
  public static func configure() { configured }

  /// The name of the processor whose kernels OpenBLAS uses.
  public static var coreName: String {
    configure()
    return String(cString: mdm_blas_core())
  }

  /// C (m x n) = alpha A (m x k) B^T (B is n x k) + beta C.
  @inline(__always)
  package static func timesTransposed(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Float = 1,
    beta: Float = 0
  ) {
    configure()
    if m == 0 || n == 0 { return }
    mdm_sgemm(
      0, 1, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
      b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// C (m x n) = alpha A (m x k) B (k x n) + beta C.
  @inline(__always)
  package static func times(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Float = 1,
    beta: Float = 0
  ) {
    configure()
    if m == 0 || n == 0 { return }
    mdm_sgemm(
      0, 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
      b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// C (m x n) = alpha A^T (A is k x m) B (k x n) + beta C.
  @inline(__always)
  package static func transposedTimes(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Float = 1,
    beta: Float = 0
  ) {
    configure()
    if m == 0 || n == 0 { return }
    mdm_sgemm(
      1, 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
      b, Int32(ldb), beta, c, Int32(ldc))
  }
}
