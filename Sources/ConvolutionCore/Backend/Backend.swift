/// What a network asks of a device.
///
/// Every floor above knows this protocol and no concrete device.
///
/// Activations are `[N, H, W, C]`, filters `[I, KH, KW, O]`, all float32. Operations are pure: they
/// take tensors and return new ones, unless a parameter is `inout`. Shapes that do not fit are a
/// programmer's fault and trap with the numbers.
public protocol Backend: ConvolutionOperations, NormalizationOperations, PointwiseOperations,
  ReductionOperations, OptimizerOperations
{
  /// One line about the device for logs: `CPU, AVX2, 2 threads`.
  var description: String { get }
}
