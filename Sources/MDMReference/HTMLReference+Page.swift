extension Reference {
  /// Two colour schemes from one set of names; a column of names beside a column of text.
  static let style = """
    * { box-sizing: border-box; }
    html { scroll-padding-top: 1rem; }
    body { margin: 0; display: grid; grid-template-columns: 15rem minmax(0, 1fr); color: var(--ink);
      background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
    nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; font-size: 0.875rem;
      background: var(--tint); border-right: 1px solid var(--line); }
    nav input { width: 100%; padding: 0.4rem 0.6rem; margin-bottom: 0.75rem; font: inherit; color: inherit;
      background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
    nav ul { list-style: none; margin: 0.2rem 0 0.8rem; padding-left: 0.9rem; }
    nav summary { font-weight: 600; cursor: pointer; }
    nav a { color: inherit; text-decoration: none; overflow-wrap: anywhere; }
    main { max-width: 52rem; padding: 1.5rem 2rem 6rem; }
    h1 { margin: 0 0 0.5rem; font-size: 1.9rem; }
    h2 { margin: 2.5rem 0 0.5rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); }
    h3 { margin: 0 0 0.4rem; font-size: 1rem; font-weight: 600; }
    h2 a, h3 a { color: inherit; text-decoration: none; }
    a { color: var(--link); }
    a:hover { text-decoration: underline; }
    article { padding: 0.9rem 0; border-bottom: 1px solid var(--line); }
    article:target { box-shadow: -4px 0 0 0 var(--link); padding-left: 0.8rem; }
    p { margin: 0.4rem 0; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.875em; }
    h3 code { font-size: 0.95em; overflow-wrap: anywhere; }
    pre { margin: 0.6rem 0; padding: 0.7rem 0.9rem; overflow-x: auto; background: var(--tint); border-radius: 6px; }
    pre code { font-size: 0.8125rem; }
    output { color: var(--soft); border-left: 2px solid var(--line); padding-left: 0.6rem; display: block;
      margin-top: 0.3rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0; }
    dd { margin: 0; }
    .source { color: var(--soft); font-size: 0.875rem; }
    @media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; max-height: 45vh;
      border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
    @media print { nav { display: none; } body { display: block; } }
    """

  /// The filter: what has the text stays, with the heading above it.
  static let script = """
    const box = document.getElementById("filter");
    const items = [...document.querySelectorAll("article")].map(a => ({
      a, text: a.textContent.toLowerCase(), link: document.querySelector(`nav li a[href="#${CSS.escape(a.id)}"]`)
        || document.querySelector(`nav li a[href="#${a.id}"]`) }));
    function filter() {
      const words = box.value.toLowerCase().split(/\\s+/).filter(w => w);
      let any = false;
      for (const i of items) {
        const fits = words.every(w => i.text.includes(w));
        i.a.hidden = !fits;
        if (i.link) i.link.parentElement.hidden = !fits;
        any = any || fits;
      }
      for (const s of document.querySelectorAll("main section"))
        s.hidden = ![...s.querySelectorAll("article")].some(a => !a.hidden);
      for (const d of document.querySelectorAll("nav details"))
        d.hidden = ![...d.querySelectorAll("li")].some(l => !l.hidden);
      document.getElementById("none").hidden = any;
    }
    box.addEventListener("input", filter);
    document.addEventListener("keydown", e => {
      if (e.key === "/" && document.activeElement !== box) { e.preventDefault(); box.focus(); }
      if (e.key === "Escape" && document.activeElement === box) { box.value = ""; filter(); box.blur(); }
    });
    """
}
