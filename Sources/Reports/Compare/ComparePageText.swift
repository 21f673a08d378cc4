/// The words and signs that a page of comparisons is made of.
enum ComparePageText {
  /// Everything before the first picture.
  static func beginning(title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <header>
    <h1>\(escaped(title))</h1>
    <input id="filter" type="search" placeholder="Filter by name" aria-label="Filter by name">
    <output id="count" for="filter"></output>
    <label><input id="together" type="checkbox"> move all</label>
    </header>
    <main>

    """
  }

  /// A picture before and after.
  static func figure(
    _ pair: ComparePage.Pair, before: String, after: String, width: Int, height: Int
  ) -> String {
    let name = escaped(pair.name), domain = escaped(pair.domain)
    return """
      <figure data-name="\(name) \(domain)" style="--width: \(width)px">
      <div class="pair" style="aspect-ratio: \(width) / \(height)">
      <img alt="\(name) before" src="data:image/jpeg;base64,\(before)">
      <img class="after" alt="\(name) after" src="data:image/jpeg;base64,\(after)">
      <input type="range" min="0" max="100" value="50" step="0.5" aria-label="\(name): before | after">
      </div>
      <figcaption>\(name)\(domain.isEmpty ? "" : " <b>\(domain)</b>")</figcaption>
      </figure>

      """
  }

  /// Everything after the last picture.
  static let end = """
    </main>
    <script>
    \(script)
    </script>
    </body>
    </html>

    """

  /// Text as it may stand in HTML, also between double quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
    body { margin: 0; }
    header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5em 1em;
      align-items: center; padding: .6em 1em; background: Canvas;
      border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
    h1 { font-size: 1.1em; margin: 0; }
    #filter { flex: 0 1 16em; font: inherit; padding: .2em .5em; }
    main { display: flex; flex-wrap: wrap; gap: 1em; padding: 1em; }
    figure { margin: 0; width: max(min(var(--width), 100%), 8em); content-visibility: auto; }
    figure[hidden] { display: none; }
    .pair { position: relative; --cut: 50%; overflow: hidden; max-height: 640px; }
    .pair img { position: absolute; inset: 0; width: 100%; height: 100%; }
    .pair .after { clip-path: inset(0 0 0 var(--cut)); }
    .pair::after { content: ""; position: absolute; top: 0; bottom: 0; left: var(--cut); width: 2px;
      margin-left: -1px; background: #fff; box-shadow: 0 0 3px #000; pointer-events: none; }
    .pair input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0;
      cursor: ew-resize; touch-action: pan-y; }
    .pair:focus-within { outline: 2px solid Highlight; outline-offset: 2px; }
    figcaption { overflow-wrap: anywhere; opacity: .8; }
    """

  private static let script = """
    const figures = [...document.querySelectorAll("figure")];
    const filter = document.getElementById("filter");
    const together = document.getElementById("together");
    const move = (slider, value) => {
      slider.value = value;
      slider.parentElement.style.setProperty("--cut", value + "%");
    };
    document.querySelector("main").addEventListener("input", event => {
      const sliders = together.checked
        ? document.querySelectorAll(".pair input") : [event.target];
      for (const slider of sliders) move(slider, event.target.value);
    });
    const show = () => {
      const words = filter.value.toLowerCase().split(/\\s+/);
      let count = 0;
      for (const figure of figures) {
        const name = figure.dataset.name.toLowerCase();
        figure.hidden = !words.every(word => name.includes(word));
        if (!figure.hidden) count += 1;
      }
      document.getElementById("count").value = count + " of " + figures.length;
    };
    filter.addEventListener("input", show);
    show();
    """
}
