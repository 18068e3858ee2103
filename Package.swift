// swift-tools-version: 6.3
import PackageDescription

/// Every Swift target is built with the same strictness.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),  // every unsafe operation is spelled `unsafe`
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: readme(in: "Sources/\(name)"), swiftSettings: strict)
}

/// One channel = one folder in Adapters = one target that knows the core and the language model, no more.
func adapter(_ folder: String) -> Target {
    .target(
        name: "\(folder)Adapter",
        dependencies: ["GatehouseCore", "GatehouseLanguage"],
        path: "Adapters/\(folder)",
        exclude: ["README.md"],  // SwiftPM warns about files it has no rule for
        swiftSettings: strict
    )
}

func program(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    let scripts = name == "train-language" ? ["run.sh"] : []
    return .executableTarget(name: name, dependencies: dependencies, exclude: scripts, swiftSettings: strict)
}

func tests(of name: String, also: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + (name == "GatehouseCore" ? [] : ["GatehouseCore"]) + also,
        swiftSettings: strict
    )
}

func readme(in folder: String) -> [String] {
    ["Sources/GatehouseLanguage", "Sources/GatehouseTriage"].contains(folder) ? ["README.md"] : []
}

let package = Package(
    name: "gatehouse",
    products: [
        .executable(name: "gatehouse", targets: ["gatehouse"]),
        .executable(name: "ticket-sink", targets: ["ticket-sink"]),
    ],
    targets: [
        // System libraries, and the few C lines that Swift can't call directly.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CEvents"),
        // libcurl is no library of the program's but one that it loads when it makes a connection.
        .target(name: "CCurl"),
        // Instructions that Swift has no word for.
        .target(name: "CProcessor"),
        // Tables of figures and the JSON Schemas, embedded in the program as they stand in the repository.
        .target(name: "CTables", exclude: ["data"]),

        // In the order in which a message passes through.
        library("GatehouseCore", uses: ["CCrypto", "CZlib", "CTables"]),
        library("GatehouseLanguage", uses: ["GatehouseCore", "CTables", "CProcessor"]),
        adapter("Email"),
        adapter("SocialDM"),
        adapter("WebChat"),
        adapter("PhoneCallback"),
        library("GatehouseTriage", uses: ["GatehouseCore", "GatehouseLanguage", "CTables", "CCrypto", "CProcessor"]),
        library("GatehouseStore", uses: ["GatehouseCore", "CSQLite", "CProcessor"]),
        library("GatehouseTransfer", uses: ["GatehouseCore", "CCurl", "CEvents"]),
        library("GatehouseSources", uses: ["GatehouseCore", "GatehouseTransfer"]),
        library("GatehouseWebhooks", uses: ["GatehouseCore"]),
        library("GatehouseDelivery", uses: ["GatehouseCore", "GatehouseTransfer", "CTables"]),
        library(
            "GatehousePipeline",
            uses: [
                "GatehouseCore", "GatehouseTriage", "GatehouseStore", "GatehouseSources", "GatehouseDelivery",
            ]
        ),
        program(
            "gatehouse",
            uses: [
                "GatehouseCore", "GatehouseLanguage", "EmailAdapter", "SocialDMAdapter", "WebChatAdapter",
                "PhoneCallbackAdapter", "GatehouseTriage", "GatehouseStore", "GatehouseTransfer", "GatehouseSources",
                "GatehouseWebhooks", "GatehouseDelivery",
                "GatehousePipeline", "CTables",
            ]
        ),
        program("ticket-sink", uses: ["GatehouseCore"]),
        program("train-language", uses: ["GatehouseCore", "GatehouseLanguage"]),
        program("compile-rules", uses: ["GatehouseTriage"]),
        program("evaluate", uses: ["GatehouseCore", "GatehouseLanguage", "GatehouseTriage"]),

        // What several test targets need: a running ticket-sink, a listener on the loopback.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "GatehouseCore"),
        tests(of: "GatehouseLanguage"),
        tests(of: "EmailAdapter"),
        tests(of: "SocialDMAdapter"),
        tests(of: "WebChatAdapter"),
        tests(of: "PhoneCallbackAdapter"),
        tests(of: "GatehouseTriage", also: ["GatehouseLanguage"]),
        tests(of: "GatehouseStore"),
        tests(of: "GatehouseTransfer", also: ["TestSupport", "ticket-sink"]),
        tests(of: "GatehouseSources", also: ["GatehouseTransfer", "TestSupport"]),
        tests(of: "GatehouseWebhooks", also: ["WebChatAdapter", "PhoneCallbackAdapter"]),
        tests(of: "GatehouseDelivery", also: ["GatehouseTransfer", "TestSupport", "ticket-sink"]),
        tests(of: "GatehousePipeline", also: ["GatehouseStore", "GatehouseSources", "GatehouseTriage"]),
        tests(of: "gatehouse", also: ["GatehouseWebhooks", "GatehouseTriage", "GatehouseDelivery"]),
        // The built programs, run through pipes as cron, a mail server and a webhook runner would.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["CSQLite", "CZlib", "TestSupport", "gatehouse", "ticket-sink"],
            exclude: ["request-tracker.sh", "redmine.sh", "django-helpdesk.sh", "integrations"],
            swiftSettings: strict
        ),
    ],
    cLanguageStandard: .c2x
)

// `make fuzz` and `make mutations` alone build these: libFuzzer drives the first, and all Swift below it is instrumented.
if Context.environment["GATEHOUSE_FUZZ"] != nil {
    package.targets += [
        .target(name: "FuzzDriver", path: "Tests/Fuzz/Driver"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "GatehouseCore", "EmailAdapter", "SocialDMAdapter", "WebChatAdapter", "PhoneCallbackAdapter",
                "GatehouseSources", "GatehouseTransfer", "CTables", "FuzzDriver",
            ],
            path: "Tests/Fuzz",
            exclude: ["README.md", "run.sh", "mutations.sh", "Driver", "Mutations", "corpus", "dictionaries"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "mutations",
            dependencies: ["GatehouseCore", "EmailAdapter"],
            path: "Tests/Fuzz/Mutations",
            swiftSettings: strict
        ),
    ]
}
