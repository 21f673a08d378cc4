import CCUDA
import Tensors

/// How exactly convolutions multiply.
public enum CUDAPrecision: String, CaseIterable, Sendable {
  /// All 24 bits of a float, without tensor cores.
  case float32
  /// Factors rounded to 11 bits, sums in float, on tensor cores.
  case tf32
  /// Factors and activations rounded to 8 bits, sums in float, on tensor cores.
  case bfloat16

  /// How what convolutions read and write is kept.
  var activations: ElementFormat { self == .bfloat16 ? .bfloat16 : .float32 }

  /// The compute capability that it needs.
  ///
  /// Tensor cores for TF32 and bfloat16 came with 8.0. On older GPUs engines that do not round at all
  /// would pass for `tf32`, as slow as `float32`.
  var leastCapability: (major: Int, minor: Int) { self == .float32 ? (7, 0) : (8, 0) }

  /// How far an element of a convolution may be off because of it, as a share of the largest one.
  public var roundingOfConvolutions: Float {
    switch self {
    case .float32: 0
    case .tf32: 2e-3
    case .bfloat16: 1.6e-2
    }
  }
}

/// What plans are made for: a GPU that is there, or a description of one.
enum PlanTarget {
  case handle(cudnnHandle_t)
  case properties(Descriptor)

  /// A GPU described by a text in JSON, as cuDNN writes it.
  static func described(_ json: String, _ cudnn: cudnn_graph) throws(CUDAError) -> PlanTarget {
    let properties = try Descriptor(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, cudnn)
    try properties.set(
      CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR, json.utf8.map(CChar.init))
    try properties.finalize()
    return .properties(properties)
  }
}

/// An engine of cuDNN's, made ready for a convolution.
struct ConvolutionPlan: Sendable {
  /// The numbers by which the tensors of a plan are called.
  enum TensorName {
    static let input = 1, filter = 2, output = 3
  }

  let plan: Descriptor
  /// What the plan refers to, as long as it lives.
  private let graph: Descriptor
  /// Bytes of scratch memory that it wants.
  let workspaceBytes: Int
  /// How many engines that would do are recommended before this one.
  let rank: Int

  /// More than this for one convolution is a mistake of the heuristics.
  private static let mostWorkspace = 2 << 30

  /// Takes the first engine that cuDNN recommends and that is as precise as asked for.
  ///
  /// - Parameter least: The least `rank`: so many have been tried in vain.
  init(
    _ problem: ConvolutionProblem, _ precision: CUDAPrecision, for target: PlanTarget,
    _ cudnn: cudnn_graph, from least: Int = 0
  ) throws(CUDAError) {
    let plans = try Self.recommended(
      problem, precision, for: target, cudnn, ranks: least..<least + 1)
    guard let plan = plans.first else { throw .noPlan("\(problem), \(precision.rawValue)") }
    self = plan
  }

  private init(
    _ plan: Descriptor, of graph: Descriptor, workspaceBytes: Int, rank: Int
  ) {
    self.plan = plan
    self.graph = graph
    self.workspaceBytes = workspaceBytes
    self.rank = rank
  }

  /// The engines that cuDNN recommends, the best by its own account first, and that are as precise as
  /// asked for.
  ///
  /// Engines whose results may differ from run to run are left out, since a training that was
  /// interrupted is to end as one that was not.
  ///
  /// - Parameter ranks: Which of them; fewer where there are no more.
  static func recommended(
    _ problem: ConvolutionProblem, _ precision: CUDAPrecision, for target: PlanTarget,
    _ cudnn: cudnn_graph, ranks: Range<Int>
  ) throws(CUDAError) -> [ConvolutionPlan] {
    let graph = try Self.graph(problem, target, cudnn)
    var plans: [ConvolutionPlan] = []
    var rank = 0
    for mode in [CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK] {
      for configuration in try configurations(graph, mode, target, cudnn)
      where try isAcceptable(configuration, precision) {
        guard let plan = try? Self.plan(configuration, target, cudnn) else { continue }
        let bytes = try plan.numbers(
          CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, of: Int64.self, atMost: 1
        ).first
        guard let bytes, bytes <= mostWorkspace else { continue }
        defer { rank += 1 }
        guard rank >= ranks.lowerBound else { continue }
        plans.append(
          ConvolutionPlan(plan, of: graph, workspaceBytes: Int(bytes), rank: rank))
        if rank + 1 == ranks.upperBound { return plans }
      }
    }
    return plans
  }

  private static func configurations(
    _ graph: Descriptor, _ mode: Int, _ target: PlanTarget, _ cudnn: cudnn_graph
  ) throws(CUDAError) -> [Descriptor] {
    let heuristic = try Descriptor(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, cudnn)
    try heuristic.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, [graph])
    try heuristic.set(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, [Int32(mode)])
    if case .properties(let properties) = target {
      try heuristic.set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, [properties])
    }
    try heuristic.finalize()
    return try heuristic.descriptors(
      CUDNN_ATTR_ENGINEHEUR_RESULTS, of: CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)
  }

  private static func isAcceptable(_ configuration: Descriptor, _ precision: CUDAPrecision)
    throws(CUDAError) -> Bool
  {
    var refused = [CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC]
    if precision == .float32 {
      refused += [CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS]
    }
    let engines = try configuration.descriptors(
      CUDNN_ATTR_ENGINECFG_ENGINE, of: CUDNN_BACKEND_ENGINE_DESCRIPTOR)
    for engine in engines {
      let notes = try engine.numbers(
        CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE, of: Int32.self, atMost: 16)
      if notes.contains(where: { refused.contains(Int($0)) }) { return false }
    }
    return !engines.isEmpty
  }

  private static func plan(
    _ configuration: Descriptor, _ target: PlanTarget, _ cudnn: cudnn_graph
  ) throws(CUDAError) -> Descriptor {
    let plan = try Descriptor(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, cudnn)
    try plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, [configuration])
    switch target {
    case .handle(let handle):
      try plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, [handle])
    case .properties(let properties):
      try plan.set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, [properties])
    }
    try plan.finalize()
    return plan
  }
}

// MARK: - The operation's description

extension ConvolutionPlan {
  private static func graph(
    _ problem: ConvolutionProblem, _ target: PlanTarget, _ cudnn: cudnn_graph
  ) throws(CUDAError) -> Descriptor {
    let graph = try Descriptor(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, cudnn)
    if case .handle(let handle) = target {
      try graph.set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, [handle])
    }
    try graph.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, [try operation(problem, cudnn)])
    try graph.finalize()
    return graph
  }

  private static func operation(_ problem: ConvolutionProblem, _ cudnn: cudnn_graph)
    throws(CUDAError) -> Descriptor
  {
    let shape = problem.filter
    let format = problem.format
    let input = try tensor(TensorName.input, problem.input, format, cudnn)
    let filter = try tensor(
      TensorName.filter, [shape[3], shape[1], shape[2], shape[0]], format, cudnn)
    let output = try tensor(TensorName.output, problem.output, format, cudnn)
    let names = problem.verb.attributes
    let operation = try Descriptor(names.operation, cudnn)
    try operation.set(names.convolution, [try movement(problem, cudnn)])
    try operation.set(names.input, [input])
    try operation.set(names.filter, [filter])
    try operation.set(names.output, [output])
    try operation.set(names.alpha, CUDNN_TYPE_FLOAT, [1 as Float])
    try operation.set(names.beta, CUDNN_TYPE_FLOAT, [0 as Float])
    try operation.finalize()
    return operation
  }

  /// A tensor `[N, H, W, C]`; cuDNN names the extents in the order N, C, H, W.
  private static func tensor(
    _ name: Int, _ shape: Shape, _ format: ElementFormat, _ cudnn: cudnn_graph
  ) throws(CUDAError) -> Descriptor {
    let type = format == .bfloat16 ? CUDNN_DATA_BFLOAT16 : CUDNN_DATA_FLOAT
    let (h, w, c) = (shape[1], shape[2], shape[3])
    let tensor = try Descriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR, cudnn)
    try tensor.set(CUDNN_ATTR_TENSOR_UNIQUE_ID, [name])
    try tensor.set(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, [Int32(type)])
    try tensor.set(CUDNN_ATTR_TENSOR_DIMENSIONS, [shape[0], c, h, w])
    try tensor.set(CUDNN_ATTR_TENSOR_STRIDES, [h * w * c, 1, w * c, c])
    try tensor.set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, [16])
    try tensor.finalize()
    return tensor
  }

  private static func movement(_ problem: ConvolutionProblem, _ cudnn: cudnn_graph)
    throws(CUDAError) -> Descriptor
  {
    let movement = try Descriptor(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR, cudnn)
    let float = [Int32(CUDNN_DATA_FLOAT)]
    try movement.set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, [2])
    try movement.set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, float)
    try movement.set(
      CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE,
      [Int32(CUDNN_CROSS_CORRELATION)])
    try movement.set(CUDNN_ATTR_CONVOLUTION_DILATIONS, [1, 1])
    try movement.set(
      CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, [problem.stride, problem.stride])
    for side in [CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS] {
      try movement.set(side, [problem.padding.rows, problem.padding.columns])
    }
    try movement.finalize()
    return movement
  }
}

extension ConvolutionProblem.Verb {
  fileprivate struct Attributes {
    let operation: Int
    let alpha: Int, beta: Int, convolution: Int
    let input: Int, filter: Int, output: Int
  }

  /// The operation and its attributes.
  fileprivate var attributes: Attributes {
    switch self {
    case .forward:
      Attributes(
        operation: CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
        alpha: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
        beta: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
        convolution: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
        input: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
        filter: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
        output: CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y)
    case .inputGradient:
      Attributes(
        operation: CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
        alpha: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
        beta: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
        convolution: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
        input: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
        filter: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
        output: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY)
    case .filterGradient:
      Attributes(
        operation: CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
        alpha: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
        beta: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
        convolution: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
        input: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
        filter: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
        output: CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY)
    }
  }
}
