// swift-tools-version: 6.2
import PackageDescription

// Targets stand in floors (Docs/Architecture.md): each depends only on targets listed above it.
// `ArchitectureTests` holds every import in Sources against the same table.

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [])
  -> Target
{
  .testTarget(
    name: name + "Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
    exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "cyclegan",
  products: [
    .library(name: "CycleGANKit", targets: ["CycleGANKit"]),
    .library(name: "Augmentation", targets: ["Augmentation"]),
    .executable(name: "cyclegan", targets: ["cyclegan"]),
    // What tests open in place of NVIDIA's libraries.
    .library(name: "StandInGPU", type: .dynamic, targets: ["StandInGPU"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Floor 0: C, and the two system libraries.
    .target(name: "CKernels", cSettings: strictC),
    .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CLibJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .target(
      name: "CImageCodecs", dependencies: ["CLibPNG", "CLibJPEG"], cSettings: strictC,
      // libpng cannot be without it.
      linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CPixels", cSettings: strictC),
    .target(name: "CCUDA", cSettings: strictC),

    // Floor 1
    library("Files"),
    library("Tensors"),

    // Floor 2
    library("ConvolutionCore", ["CKernels", "Tensors"]),
    library("Images", ["CImageCodecs", "Files", "Tensors"]),
    library("Checkpoints", ["Files", "Tensors"]),

    // Floor 3
    library("Autograd", ["ConvolutionCore", "Tensors"]),
    .target(
      name: "CUDABackend", dependencies: ["CCUDA", "ConvolutionCore", "Files", "Tensors"],
      // In the program itself, so that it can be carried to a GPU as one file.
      resources: [
        "elements", "sums", "borders", "norm", "norm_whole", "pointwise", "adam", "moves", "unroll",
      ].map { .embedInCode("Kernels/\($0).cu") },
      swiftSettings: strict),
    library(
      "Augmentation",
      ["Images", "CPixels", "Files", "Tensors", .product(name: "Yams", package: "Yams")]),

    // Floor 4
    library("Layers", ["Autograd", "ConvolutionCore", "Tensors"]),
    library("ImageDatasets", ["Augmentation", "Images", "Files", "Tensors"]),

    // Floor 5
    library("GANs", ["Layers", "Autograd", "Checkpoints", "ConvolutionCore", "Tensors"]),

    // Floor 6
    library(
      "Training",
      [
        "GANs", "ImageDatasets", "Layers", "Augmentation", "Autograd", "Checkpoints", "Images",
        "ConvolutionCore", "Files", "Tensors",
      ]),
    library(
      "Translation",
      [
        "GANs", "ImageDatasets", "Layers", "Augmentation", "Autograd", "Checkpoints", "Images",
        "ConvolutionCore", "Files", "Tensors",
      ]),

    // Floor 7
    library(
      "Reports",
      [
        "Training", "Translation", "GANs", "ImageDatasets", "Checkpoints", "Images", "Files",
        "Tensors",
      ]),

    // Floor 8
    library(
      "CycleGANKit",
      [
        "Reports", "Training", "Translation", "GANs", "ImageDatasets", "Layers", "Augmentation",
        "CUDABackend", "Autograd", "Checkpoints", "Images", "ConvolutionCore", "Files", "Tensors",
      ]),
    library(
      "Commands",
      ["CycleGANKit", "Files", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(name: "cyclegan", dependencies: ["Commands"], swiftSettings: strict),

    // Tests
    .target(
      name: "TestSupport",
      dependencies: ["Autograd", "Checkpoints", "ConvolutionCore", "Images", "Tensors"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "StandInGPU", dependencies: ["CCUDA"], path: "Tests/StandInGPU",
      cxxSettings: [.treatAllWarnings(as: .error)]),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    tests(of: "Files"),
    tests(of: "Tensors"),
    tests(of: "ConvolutionCore", ["CKernels"]),
    tests(of: "Images", ["Files"], exclude: ["Goldens"]),
    tests(of: "Checkpoints", ["Files"]),
    tests(of: "Autograd"),
    tests(of: "CUDABackend", ["Checkpoints", "GANs", "Layers", "ConvolutionCore", "Tensors"]),
    tests(of: "Augmentation", ["Images"], exclude: ["Goldens"]),
    tests(of: "Layers", ["Autograd", "ConvolutionCore"]),
    tests(of: "ImageDatasets", ["Images", "Tensors"]),
    tests(of: "GANs", ["Layers", "Autograd", "Checkpoints", "ConvolutionCore"]),
    tests(
      of: "Training",
      ["GANs", "ImageDatasets", "Images", "Layers", "Autograd", "Checkpoints", "ConvolutionCore"]),
    tests(
      of: "Translation",
      [
        "Augmentation", "ImageDatasets", "GANs", "Images", "Layers", "Autograd", "Checkpoints",
        "ConvolutionCore",
      ]),
    tests(of: "Reports", ["Training", "Images"]),
    tests(of: "Commands", ["CycleGANKit", "cyclegan"], exclude: ["Goldens"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
