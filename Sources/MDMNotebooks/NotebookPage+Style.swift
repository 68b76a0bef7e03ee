extension NotebookPage {
  /// One column of text with the code beside its numbers; the contents stand at the left where there
  /// is room.
  static let style = """
    * { box-sizing: border-box; }
    body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
    main { max-width: 54rem; margin: 0 auto; padding: 2rem 1.5rem 6rem; }
    nav { font-size: 0.875rem; padding: 1rem 1.5rem 0; max-width: 54rem; margin: 0 auto; }
    nav ul { list-style: none; margin: 0; padding: 0.6rem 0.9rem; background: var(--tint); border-radius: 6px; }
    nav a { color: inherit; text-decoration: none; }
    nav .level2 { padding-left: 0.9rem; } nav .level3 { padding-left: 1.8rem; }
    h1, h2, h3 { line-height: 1.25; margin: 1.8rem 0 0.6rem; }
    h1 { font-size: 1.9rem; margin-top: 0; } h2 { font-size: 1.35rem; } h3 { font-size: 1.1rem; }
    h1 a, h2 a, h3 a, h4 a { color: inherit; text-decoration: none; }
    a { color: var(--link); }
    p { margin: 0.6rem 0; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.8125rem; }
    pre { margin: 0; padding: 0.7rem 0.9rem; overflow-x: auto; line-height: 1.45; tab-size: 4; }
    .text pre { background: var(--tint); border-radius: 6px; margin: 0.6rem 0; }
    .cell { margin: 1rem 0; }
    .input { display: flex; background: var(--tint); border-radius: 6px; border-left: 3px solid var(--line); }
    .input pre { flex: 1; min-width: 0; }
    .count { color: var(--soft); font: 0.75rem ui-monospace, monospace; padding: 0.85rem 0 0 0.6rem;
      min-width: 2.6rem; user-select: none; }
    .stdout, .stderr, .output { margin-left: 2.6rem; }
    .output > pre { padding: 0.5rem 0.9rem; }
    .stderr { color: var(--warn); }
    .error { margin: 0.4rem 0 0 2.6rem; border-left: 3px solid var(--bad); }
    .raw { color: var(--soft); }
    img { max-width: 100%; height: auto; display: block; margin: 0.5rem 0; }
    .output img { background: #fff; border-radius: 6px; padding: 0.3rem; }
    .pixels { max-width: min(100%, 48rem); image-rendering: auto; }
    table { border-collapse: collapse; margin: 0.6rem 0; font-size: 0.875rem; display: block; overflow-x: auto; }
    th:not([align]), td:not([align]) { text-align: left; }
    th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
    th { color: var(--soft); font-weight: 600; }
    .caption, .output table + p { color: var(--soft); font-size: 0.8125rem; margin: 0; }
    blockquote { margin: 0.6rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
    .bold { font-weight: 600; } .fg-red { color: var(--bad); } .fg-yellow { color: var(--warn); }
    .fg-blue, .fg-cyan { color: var(--link); } .fg-green { color: var(--str); } .fg-magenta { color: var(--key); }
    @media (min-width: 82rem) { nav { position: fixed; top: 0; left: 0; width: 14rem; max-height: 100vh;
      overflow-y: auto; padding: 2rem 0 2rem 1.5rem; } nav ul { background: none; padding: 0; } }
    @media print { nav { display: none; } main { max-width: none; padding: 0; } .input { break-inside: avoid; } }
    """
}
