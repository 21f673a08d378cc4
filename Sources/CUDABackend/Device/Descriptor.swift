import CCUDA

/// A descriptor of cuDNN's graph API: a set of attributes that becomes fixed when it is finalized.
///
/// `@unchecked Sendable`: it is written before it is shared, and cuDNN only reads finalized ones.
final class Descriptor: @unchecked Sendable {
  private let cudnn: cudnn_graph
  private(set) var raw: cudnnBackendDescriptor_t?
  /// Descriptors that this one refers to.
  private var parts: [Descriptor] = []

  /// Creates a descriptor without attributes.
  ///
  /// - Parameter type: `CUDNN_BACKEND_…_DESCRIPTOR`.
  init(_ type: Int, _ cudnn: cudnn_graph) throws(CUDAError) {
    self.cudnn = cudnn
    let status = cudnn.cudnnBackendCreateDescriptor(Int32(type), &raw)
    try check(status, "cudnnBackendCreateDescriptor(\(type))")
  }

  deinit { if let raw { _ = cudnn.cudnnBackendDestroyDescriptor(raw) } }

  /// Sets an attribute to an array of numbers or addresses.
  func set<Value: BitwiseCopyable>(_ name: Int, _ type: Int, _ values: [Value]) throws(CUDAError) {
    let status = cudnn.cudnnBackendSetAttribute(
      raw, Int32(name), Int32(type), Int64(values.count), values)
    try check(status, "cudnnBackendSetAttribute(\(name))")
  }

  /// Sets whole numbers.
  func set(_ name: Int, _ values: [Int]) throws(CUDAError) {
    try set(name, CUDNN_TYPE_INT64, values.map { Int64($0) })
  }

  /// Refers to other descriptors.
  func set(_ name: Int, _ descriptors: [Descriptor]) throws(CUDAError) {
    parts += descriptors
    try set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, descriptors.map(\.raw))
  }

  /// Fixes the attributes; throws if they do not fit one another.
  func finalize() throws(CUDAError) {
    try check(cudnn.cudnnBackendFinalize(raw), "cudnnBackendFinalize")
  }

  /// Whole numbers of an attribute; those of an enumeration are 32 bits wide.
  ///
  /// - Parameter most: How many there can be; an attribute of one number refuses any other.
  func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ name: Int, _ type: Int, of width: Number.Type, atMost most: Int
  ) throws(CUDAError) -> [Number] {
    var values = [Number](repeating: 0, count: most), got: Int64 = 0
    let status = cudnn.cudnnBackendGetAttribute(
      raw, Int32(name), Int32(type), Int64(values.count), &got, &values)
    try check(status, "cudnnBackendGetAttribute(\(name))")
    return Array(values.prefix(Int(got)))
  }

  /// Descriptors of an attribute.
  ///
  /// - Parameter type: What they are.
  func descriptors(_ name: Int, of type: Int) throws(CUDAError) -> [Descriptor] {
    var count: Int64 = 0
    var status = cudnn.cudnnBackendGetAttribute(
      raw, Int32(name), Int32(CUDNN_TYPE_BACKEND_DESCRIPTOR), 0, &count, nil)
    try check(status, "cudnnBackendGetAttribute(\(name))")
    var found: [Descriptor] = []
    for _ in 0..<count { found.append(try Descriptor(type, cudnn)) }
    var raws = found.map(\.raw)
    status = cudnn.cudnnBackendGetAttribute(
      raw, Int32(name), Int32(CUDNN_TYPE_BACKEND_DESCRIPTOR), count, &count, &raws)
    try check(status, "cudnnBackendGetAttribute(\(name))")
    return Array(found.prefix(Int(count)))
  }

  private func check(_ status: cudnnStatus_t, _ call: String) throws(CUDAError) {
    if Int(status) == CUDNN_STATUS_SUCCESS { return }
    var detail = [CChar](repeating: 0, count: 512)
    cudnn.cudnnGetLastErrorString(&detail, detail.count)
    let words = String(
      decoding: detail.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let plain = CUDALibraries.words(cudnn.cudnnGetErrorString(status))
    throw .convolution(
      call: call, status: status, text: words.isEmpty ? plain : "\(plain), \(words)")
  }
}
