import CUDABackend
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@Suite("The verbs on a stand-in for an NVIDIA GPU")
struct VerbTests {
  @Test("Every verb computes what the reference does", arguments: VerbCase.all.map(\.name))
  func verbs(name: String) throws {
    let verb = try #require(VerbCase.all.first { $0.name == name })
    try withTemporaryFolder { folder in
      let gpu = try CUDABackend(environment: StandInLibraries(in: folder).environment)
      let deviation = verb.deviation(of: gpu, from: ReferenceBackend())
      #expect(deviation <= verb.tolerance, "\(name): \(deviation)")
    }
  }

  @Test("TF32 rounds the factors of convolutions, and nothing else")
  func tf32() throws {
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      let gpu = try CUDABackend(precision: .tf32, environment: environment)
      for verb in VerbCase.all {
        let deviation = verb.deviation(of: gpu, from: ReferenceBackend())
        if verb.isConvolution {
          #expect(deviation > 1e-5 && deviation < 2e-3, "\(verb.name): \(deviation)")
        } else {
          #expect(deviation <= verb.tolerance, "\(verb.name): \(deviation)")
        }
      }
    }
  }
}
