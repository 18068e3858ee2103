/// How the page looks: by day and by night, on a telephone and on paper.
enum ReportStyle {
    /// Text stands at least 4.5 to 1 against its ground, bars at least 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
    static let sheet = """
        :root {
          --ground: #ffffff; --panel: #f4f6f8; --text: #1c2126; --soft: #55606b; --line: #d5dbe1;
          --bar: #2f6db3; --critical: #b3261e; --high: #b35c00; --normal: #2f6db3; --low: #6b7884;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14181c; --panel: #1d2329; --text: #e8ecef; --soft: #a5b0ba; --line: #39424b;
            --bar: #6aa7e8; --critical: #ff8a80; --high: #ffb454; --normal: #6aa7e8; --low: #8d99a5;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 3rem; background: var(--ground); color: var(--text);
          font: 1rem/1.5 system-ui, sans-serif;
        }
        h1 { font-size: 1.5rem; margin: 0.5rem 0 0; }
        h2 { font-size: 1.05rem; margin: 0 0 0.5rem; }
        header p, footer p, .note, figcaption { color: var(--soft); margin: 0.25rem 0 0; font-size: 0.9rem; }
        section { margin: 1.75rem 0 0; min-width: 0; }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 2.5rem; }
        .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0 0; }
        .headline div { background: var(--panel); border-radius: 0.5rem; padding: 0.6rem 0.8rem; }
        .headline dt { color: var(--soft); font-size: 0.85rem; }
        .headline dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        .surges { border-left: 0.3rem solid var(--critical); background: var(--panel); padding: 0.75rem 1rem; border-radius: 0.25rem; }
        .surges ul { margin: 0; padding-left: 1.1rem; }
        figure { margin: 0; }
        svg { display: block; width: 100%; height: 12rem; background: var(--panel); border-bottom: 1px solid var(--soft); }
        rect.critical { fill: var(--critical); } rect.high { fill: var(--high); }
        rect.normal { fill: var(--normal); } rect.low { fill: var(--low); }
        .axis { display: flex; justify-content: space-between; font-size: 0.8rem; color: var(--soft); }
        figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem; }
        .legend { display: flex; flex-wrap: wrap; gap: 0 1rem; list-style: none; margin: 0; padding: 0; }
        .legend li::before {
          content: ""; display: inline-block; width: 0.7rem; height: 0.7rem; margin-right: 0.35rem;
          background: var(--mark); print-color-adjust: exact; -webkit-print-color-adjust: exact;
        }
        .legend .critical { --mark: var(--critical); } .legend .high { --mark: var(--high); }
        .legend .normal { --mark: var(--normal); } .legend .low { --mark: var(--low); }
        details { margin-top: 0.5rem; }
        summary { cursor: pointer; color: var(--soft); font-size: 0.9rem; }
        summary:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
        th, td { text-align: left; padding: 0.25rem 0.6rem 0.25rem 0; border-bottom: 1px solid var(--line); font-weight: normal;
          overflow-wrap: anywhere; }
        thead th { color: var(--soft); font-size: 0.85rem; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .bar { width: 40%; padding-right: 0; }
        .fill { display: block; height: 0.8rem; min-width: 2px; background: var(--bar); border-radius: 0.15rem;
          print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .fill.critical { background: var(--critical); } .fill.high { background: var(--high); } .fill.low { background: var(--low); }
        @media print {
          body { max-width: none; padding: 0; font-size: 10pt; }
          section { break-inside: avoid; }
          svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          details::details-content { content-visibility: visible; block-size: auto; }
        }
        """
}
