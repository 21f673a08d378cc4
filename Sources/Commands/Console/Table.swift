/// Rows of words under headings: the first column to the left, all others to the right.
struct Table {
  private var rows: [[String]]

  init(_ headings: [String]) { rows = [headings] }

  /// Adds a row of as many cells as there are headings.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == rows[0].count, "\(cells.count) cells, \(rows[0].count) headings")
    rows.append(cells)
  }

  /// The lines, columns two spaces apart.
  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }
      return cells.joined(separator: "  ")
    }
  }
}
