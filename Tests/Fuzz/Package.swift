// swift-tools-version: 6.2
import PackageDescription

// Fuzz targets of libFuzzer. `Scripts/fuzz-decoders.sh` builds and runs them.

func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["Fuzzing"], swiftSettings: [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "cyclegan", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .target(
      name: "Fuzzing",
      dependencies: ["CFuzzer", .product(name: "CycleGANKit", package: "cyclegan")]),
    fuzzer("FuzzPNG"),
    fuzzer("FuzzJPEG"),
  ],
  swiftLanguageModes: [.v6]
)
