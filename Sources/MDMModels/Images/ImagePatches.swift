import MDMImages

/// Turns images into the rows that the patch embedding multiplies.
package enum ImagePatches {
  /// Writes one row (channel, y, x) for each patch of a still image, in the grid's order.
  package static func write(
    _ image: RGBImage, grid: PatchGrid, configuration c: PolicyConfiguration,
    into output: UnsafeMutablePointer<Float>
  ) {
    let p = c.patchSize
    let processor = c.imageProcessor
    let fitted = image.bicubic(
      width: grid.columns * p, height: grid.rows * p, rounding: processor.resizer)
    var to = output
    fitted.pixels.withUnsafeBufferPointer { pixels in
      processor.normalised.withUnsafeBufferPointer { table in
        for (row, column) in grid.patches {
          for channel in 0..<3 {
            for y in 0..<p {
              let from = ((row * p + y) * fitted.width + column * p) * 3 + channel
              for x in 0..<p { to[x] = table[channel * 256 + Int(pixels[from + x * 3])] }
              to += p
            }
          }
        }
      }
    }
  }

  /// The image at the size that the processor brings it to.
  package static func fitted(_ image: RGBImage, configuration c: PolicyConfiguration) -> RGBImage {
    let grid = PatchGrid(width: image.width, height: image.height, configuration: c)
    return image.bicubic(
      width: grid.columns * c.patchSize, height: grid.rows * c.patchSize,
      rounding: c.imageProcessor.resizer)
  }
}
