import COpenBLAS
import Glibc

/// Single-precision matrix products by OpenBLAS; matrices are row-major, `ld` is the distance of rows.
public enum BLAS {
  /// Happens before the first product: it must not run while another thread multiplies.
  private static let configured: Void = {
    if getenv("MDM_KEEP_BLAS_CORE") == nil, getenv("OPENBLAS_CORETYPE") != nil {
      unsetenv("OPENBLAS_CORETYPE")
      unsetenv("OPENBLAS_L2_SIZE")
      gotoblas_dynamic_quit()
      gotoblas_dynamic_init()
    }
    openblas_set_num_threads(1)
  }()

  /// Prepares OpenBLAS, once: one thread, and the kernels of this processor.
  ///
  /// An exported `OPENBLAS_CORETYPE` is forgotten, since a leftover of another program can halve the
  /// speed. `MDM_KEEP_BLAS_CORE=1` keeps it.
  public static func configure() { configured }

  /// The name of the processor whose kernels OpenBLAS uses.
  public static var coreName: String {
    configure()
    return openblas_get_corename().map { String(cString: $0) } ?? "unknown"
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
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
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
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
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
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
      b, Int32(ldb), beta, c, Int32(ldc))
  }
}
