// swift-tools-version: 6.2
import PackageDescription

// The map of the house, ground floor first: a target imports only what stands above it.
// What each floor is for stands in README.md and docs/design/001-floors.md.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// The machine's own code is the only one that touches a machine, from one thread: the checks at run time
// for overlapping accesses cost a native that calls back a tenth of its time.
let machine: [SwiftSetting] = strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]
// The store needs Foundation, which as a library costs every start 4 ms; inside of the executable it costs nothing.
// Its parts refer to each other in circles, which lld follows in any order.
let selfContained = [
  "-static-stdlib", "-use-ld=lld", "-l_FoundationICU", "-l_FoundationCShims",
  "-l_FoundationCollections", "-lCoreFoundation",
]
let kernel: [CSetting] = [.unsafeFlags(["-O3", "-ffast-math"])]

let package = Package(
  name: "mdm",
  products: [
    .executable(name: "mdm", targets: ["mdm"]),
    .executable(name: "mdm-serve", targets: ["mdm-serve"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // Floor 0: other people's C and C++, behind plain headers.
    .target(name: "COpenBLAS", cSettings: [.unsafeFlags(["-O2"])]),
    .systemLibrary(name: "CEditLine", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CZeroMQ", cSettings: [.unsafeFlags(["-O2"])]),
    // Decoders and decompressors, linked statically as CRE2 is.
    .target(
      name: "CCompression", cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [
        .linkedLibrary(":libdeflate.a"), .linkedLibrary(":libzstd.a"),
        .linkedLibrary(":libsnappy.a"), .linkedLibrary("stdc++"),
      ]),
    .target(
      name: "CStbImage", dependencies: ["CCompression"], cSettings: [.unsafeFlags(["-O2"])]),
    .target(
      name: "CTurboJPEG", cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary(":libturbojpeg.a")]),
    .target(
      name: "CWebP", cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary(":libwebp.a")]),
    .target(
      name: "CGnuplot",
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_filesystem"),
        .linkedLibrary("boost_system"),
      ]),
    // Linked statically: loading the library would cost every start a millisecond.
    .target(name: "CRE2", linkerSettings: [.linkedLibrary(":libre2.a")]),
    .target(
      name: "CMarkdown",
      linkerSettings: [
        .linkedLibrary(":libcmark-gfm-extensions.a"), .linkedLibrary(":libcmark-gfm.a"),
      ]),
    .target(name: "CKernels", cSettings: kernel),
    .target(name: "CNumbers"),
    // stdlib/: the .mdm library and the base checkpoint, embedded.
    .target(
      name: "StandardLibrary", path: "stdlib", sources: ["index.c"],
      cSettings: [.unsafeFlags(["-std=c2x"])]),

    // Floor 1: descriptions, syntax, numbers, pictures.
    .target(name: "MDMDeclarations", swiftSettings: strict),
    .target(name: "MDMNumerics", dependencies: ["COpenBLAS"], swiftSettings: strict),
    .target(name: "MDMJSON", swiftSettings: strict),
    .target(
      name: "MDMSyntax", dependencies: ["MDMDeclarations", "MDMJSON"], swiftSettings: strict),
    .target(name: "MDMFormatter", dependencies: ["MDMSyntax"], swiftSettings: strict),
    .target(
      name: "MDMImages", dependencies: ["CCompression", "CStbImage", "CTurboJPEG", "CWebP"],
      swiftSettings: strict),
    .target(name: "MDMParquet", dependencies: ["CCompression"], swiftSettings: strict),
    .target(name: "MDMPlots", dependencies: ["CGnuplot", "MDMJSON"], swiftSettings: strict),

    // Floor 2: the virtual machine, tables, tensors, mixture science, runs on disk.
    .target(
      name: "MDMRuntime", dependencies: ["CRE2", "MDMDeclarations", "MDMNumerics", "MDMSyntax"],
      swiftSettings: machine),
    .target(
      name: "MDMTables", dependencies: ["CNumbers", "MDMNumerics"], swiftSettings: strict),
    .target(
      name: "MDMTensors", dependencies: ["COpenBLAS", "CKernels", "MDMNumerics"],
      swiftSettings: strict),
    .target(name: "MDMMixtures", dependencies: ["MDMNumerics"], swiftSettings: strict),
    .target(
      name: "MDMStore", dependencies: ["MDMJSON", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),

    // Floor 3: the policy and its data.
    .target(
      name: "MDMModels",
      dependencies: ["MDMTensors", "MDMNumerics", "MDMImages", "MDMJSON", "CKernels", "COpenBLAS"],
      swiftSettings: strict),
    .target(
      name: "MDMData", dependencies: ["MDMNumerics", "MDMImages", "MDMParquet", "MDMJSON"],
      swiftSettings: strict),

    // Floor 4: verifiable rewards.
    .target(
      name: "MDMRewards",
      dependencies: ["CRE2", "MDMDeclarations", "MDMData", "MDMJSON", "MDMNumerics"],
      swiftSettings: strict),

    // Floor 5: training.
    .target(
      name: "MDMTraining",
      dependencies: [
        "MDMModels", "MDMTensors", "MDMData", "MDMRewards", "MDMMixtures", "MDMImages",
        "MDMNumerics", "MDMJSON",
      ],
      swiftSettings: strict),

    // Floor 6: the only room where language meets learning.
    .target(
      name: "MDMBuiltins",
      dependencies: [
        "MDMRuntime", "MDMTables", "MDMTraining", "MDMMixtures", "MDMPlots", "MDMModels",
        "MDMTensors",
        "MDMData", "MDMRewards", "MDMImages", "MDMNumerics", "MDMJSON", "MDMStore", "MDMSyntax",
        "MDMDeclarations", "StandardLibrary",
      ], swiftSettings: strict),

    // Floors 7 and 8: the session and its thin clients.
    .target(
      name: "MDMSession",
      dependencies: [
        "MDMBuiltins", "MDMPlots", "MDMRuntime", "MDMStore", "MDMSyntax", "MDMDeclarations",
        "MDMJSON", "StandardLibrary",
      ],
      swiftSettings: strict),
    .target(
      name: "MDMTesting",
      dependencies: ["MDMSession", "MDMRuntime", "MDMSyntax", "MDMDeclarations", "MDMJSON"],
      swiftSettings: strict),
    .target(
      name: "MDMNotebooks",
      dependencies: [
        "CMarkdown", "MDMSession", "MDMBuiltins", "MDMRuntime", "MDMSyntax", "MDMPlots", "MDMJSON",
      ],
      swiftSettings: strict),
    .target(
      name: "MDMReference",
      dependencies: ["MDMSession", "MDMRuntime", "MDMSyntax", "MDMDeclarations", "MDMJSON"],
      swiftSettings: strict),
    .target(name: "MDMREPL", dependencies: ["CEditLine"], swiftSettings: strict),
    .target(
      name: "MDMLanguageServer",
      dependencies: ["MDMDeclarations", "MDMJSON", "MDMRuntime", "MDMSession", "MDMSyntax"],
      swiftSettings: strict),

    .target(
      name: "MDMKernel",
      dependencies: [
        "CZeroMQ", "MDMSession", "MDMBuiltins", "MDMRuntime", "MDMImages", "MDMJSON", "MDMStore",
        "MDMSyntax",
      ], swiftSettings: strict),

    // Floor 9: the executable, one file a verb.
    .executableTarget(
      name: "mdm",
      dependencies: [
        "MDMSession", "MDMTesting", "MDMReference", "MDMREPL", "MDMLanguageServer", "MDMNotebooks",
        "MDMKernel", "MDMFormatter", "MDMBuiltins", "MDMRuntime", "MDMPlots", "MDMImages",
        "MDMStore", "MDMSyntax",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict, linkerSettings: [.unsafeFlags(selfContained)]),

    // Rewards over HTTP, a program of its own: its libraries would slow down every start of mdm.
    .target(
      name: "MDMServer",
      dependencies: [
        "MDMSession", "MDMBuiltins", "MDMRewards", "MDMRuntime", "MDMSyntax", "MDMJSON",
        "MDMDeclarations", .product(name: "FlyingFox", package: "FlyingFox"),
      ], swiftSettings: strict),
    .executableTarget(
      name: "mdm-serve",
      dependencies: [
        "MDMServer", "MDMSession", "MDMSyntax",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // Benchmarks: scripts/bench runs them.
    .executableTarget(
      name: "policy-step", dependencies: ["MDMModels", "MDMTensors", "MDMNumerics", "MDMImages"],
      path: "Performance/policy-step", exclude: ["compare.py", "large_checkpoint.py"],
      swiftSettings: strict),

    .executableTarget(
      name: "mixture-bench", dependencies: ["MDMMixtures", "MDMNumerics"],
      path: "Performance/mixtures", exclude: ["compare.py"], swiftSettings: strict),
    .executableTarget(
      name: "training-step",
      dependencies: ["MDMTraining", "MDMModels", "MDMData", "MDMMixtures", "MDMTensors"],
      path: "Performance/training", exclude: ["compare.py", "evaluation.mdm"], swiftSettings: strict
    ),
    .executableTarget(
      name: "reward-speed", dependencies: ["MDMRewards", "MDMData", "MDMImages", "MDMJSON"],
      path: "Performance/rewards", exclude: ["closures.mdm", "compare.py", "math.mdm"],
      swiftSettings: strict),
    .executableTarget(
      name: "data-read", dependencies: ["MDMData", "MDMImages", "MDMParquet"],
      path: "Performance/data-read",
      exclude: ["compare.py"], swiftSettings: strict),

    // Fuzzing: what the tests do for seconds scripts/fuzz does for hours.
    .target(
      name: "Fuzzing",
      dependencies: [
        "MDMBuiltins", "MDMRuntime", "MDMFormatter", "MDMKernel", "MDMSyntax", "MDMJSON",
        "MDMDeclarations", "MDMNotebooks", "MDMModels", "MDMImages", "MDMParquet", "MDMRewards",
        "MDMData", "MDMMixtures", "MDMTraining",
      ], path: "Tests/Fuzzing", swiftSettings: strict),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Fuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/FuzzRunner", swiftSettings: strict),

    // Tests, one target a module; they see public and package declarations only.
    .target(
      name: "Fixtures", path: "Tests/Fixtures",
      exclude: ["images", "parquet", "make_images.py", "make_parquet.py"], swiftSettings: strict),
    .testTarget(name: "MDMJSONTests", dependencies: ["MDMJSON", "MDMNumerics"]),
    .testTarget(name: "MDMNumericsTests", dependencies: ["MDMNumerics", "Fixtures"]),
    .testTarget(
      name: "MDMSyntaxTests", dependencies: ["MDMSyntax", "MDMDeclarations", "Fuzzing"]),
    .testTarget(name: "MDMFormatterTests", dependencies: ["MDMFormatter", "MDMSyntax"]),
    .testTarget(name: "MDMImagesTests", dependencies: ["MDMImages", "MDMNumerics", "Fixtures"]),
    .testTarget(
      name: "MDMParquetTests", dependencies: ["MDMParquet", "MDMNumerics", "Fixtures"]),
    .testTarget(name: "MDMPlotsTests", dependencies: ["MDMPlots", "CGnuplot", "MDMJSON"]),
    .testTarget(
      name: "MDMRuntimeTests", dependencies: ["MDMRuntime", "MDMSyntax", "MDMDeclarations"]),
    .testTarget(name: "MDMTablesTests", dependencies: ["MDMTables", "MDMNumerics"]),
    .testTarget(name: "MDMTensorsTests", dependencies: ["MDMTensors", "MDMNumerics", "CKernels"]),
    .testTarget(name: "MDMMixturesTests", dependencies: ["MDMMixtures", "MDMNumerics"]),
    .testTarget(
      name: "MDMModelsTests",
      dependencies: ["MDMModels", "MDMTensors", "MDMNumerics", "MDMImages", "MDMJSON"]),
    .testTarget(
      name: "MDMDataTests", dependencies: ["MDMData", "MDMImages", "MDMNumerics", "MDMParquet"]),
    .testTarget(
      name: "MDMRewardsTests",
      dependencies: ["MDMRewards", "MDMData", "MDMImages", "MDMJSON", "MDMNumerics", "Fixtures"]),
    .testTarget(name: "MDMStoreTests", dependencies: ["MDMStore", "MDMJSON"]),
    .testTarget(name: "MDMREPLTests", dependencies: ["MDMREPL"]),
    .testTarget(name: "MDMKernelTests", dependencies: ["MDMKernel", "CZeroMQ", "MDMJSON"]),
    .testTarget(
      name: "MDMTrainingTests",
      dependencies: [
        "MDMTraining", "MDMModels", "MDMData", "MDMMixtures", "MDMRewards", "MDMTensors",
      ]),
    .testTarget(
      name: "MDMSessionTests",
      dependencies: ["MDMSession", "MDMBuiltins", "MDMRuntime", "MDMSyntax"]),
    .testTarget(
      name: "MDMReferenceTests",
      dependencies: ["MDMReference", "MDMSession", "MDMSyntax", "MDMJSON"]),
    .testTarget(
      name: "MDMTestingTests", dependencies: ["MDMTesting", "MDMSession", "MDMSyntax"]),
    .testTarget(
      name: "MDMLanguageServerTests",
      dependencies: ["MDMLanguageServer", "MDMJSON", "MDMSession", "MDMSyntax"]),
    .testTarget(
      name: "MDMNotebooksTests",
      dependencies: ["MDMNotebooks", "MDMSession", "MDMSyntax", "MDMJSON"]),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"]),
    .testTarget(name: "MDMExecutableTests", dependencies: ["MDMBuiltins"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
