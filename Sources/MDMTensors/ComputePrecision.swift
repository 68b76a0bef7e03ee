import CKernels

/// What the products of training are computed in; weights, sums and everything else stay float32.
public enum ComputePrecision: String, Sendable, CaseIterable {
  case float32
  /// Operands are rounded to bfloat16 (8 bits of mantissa) before they are multiplied.
  case bfloat16

  /// Whether this processor has instructions for it (AVX-512 BF16 for bfloat16); without them the same
  /// rounding is done, at less than float32's speed.
  public var isNative: Bool { self == .float32 || mdm_has_bfloat16_products() != 0 }
}
