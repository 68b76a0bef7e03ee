extension Policy {
  /// The same policy with a new adapter that changes nothing yet; from then on only the adapter learns.
  ///
  /// - Throws: `ModelError.badAdapter` for targets that no module has, or a rank that does not fit.
  public func lora(_ options: LoRAOptions, seed: UInt64 = 0) throws(ModelError) -> Policy {
    try refuseSecondAdapter()
    return with(adapter: try Adapter(options, network: network.layout, seed: seed))
  }

  /// The same policy with the adapter of a folder in PEFT's layout.
  public func adapted(folder: String) throws(ModelError) -> Policy {
    try adapted(.folder(folder))
  }

  package func adapted(_ source: CheckpointSource) throws(ModelError) -> Policy {
    try refuseSecondAdapter()
    return with(adapter: try Adapter(source, network: network.layout))
  }

  /// What the adapter in a folder belongs to: a folder or a name; nil where the folder has no adapter, or a
  /// whole checkpoint.
  public static func base(ofAdapter folder: String) throws(ModelError) -> String? {
    guard try File.readIfPresent(folder + "/config.json") == nil,
      let bytes = try File.readIfPresent(folder + "/adapter_config.json")
    else { return nil }
    let config = try ModelError.document(bytes, "adapter_config.json")
    guard let base = config["base_model_name_or_path"]?.text, !base.isEmpty else {
      throw .badAdapter(reason: "names no base; load the base and use `adapted(base, folder)`")
    }
    return base
  }

  private func refuseSecondAdapter() throws(ModelError) {
    if adapter != nil {
      throw .badAdapter(reason: "would be a second one; merge the first one before")
    }
  }
}
