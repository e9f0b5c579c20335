//! Reading CSV as spreadsheets write it: quotes, commas or semicolons, with or without a byte order mark.

/// A table with a header.
pub(crate) struct Table {
    /// The columns' names, in lower case, words joined by `_`.
    pub header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// A quote that is opened in this row and closed nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenQuote {
    pub row: usize,
}

impl Table {
    /// Reads a table.
    pub(crate) fn read(text: &str) -> Result<Self, OpenQuote> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let first = text.lines().next().unwrap_or_default();
        let separator = if first.matches(';').count() > first.matches(',').count() { ';' } else { ',' };
        let mut rows = (1..).zip(rows(text, separator)?);
        let header = rows.next().map(|(_, cells)| cells).unwrap_or_default();
        let header = header.iter().map(|name| name.trim().to_lowercase().replace([' ', '-'], "_")).collect();
        let filled = |(_, cells): &(usize, Vec<String>)| cells.iter().any(|cell| !cell.trim().is_empty());
        Ok(Self { header, rows: rows.filter(filled).collect() })
    }

    /// The columns that have one of these names.
    pub(crate) fn columns(&self, names: &[&str]) -> impl Iterator<Item = usize> {
        let named = |(column, name): (usize, &String)| names.contains(&name.as_str()).then_some(column);
        self.header.iter().enumerate().filter_map(named)
    }

    /// The rows, each with its number as a spreadsheet counts: the header is row 1.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, &[String])> {
        self.rows.iter().map(|(row, cells)| (*row, cells.as_slice()))
    }
}

fn rows(text: &str, separator: char) -> Result<Vec<Vec<String>>, OpenQuote> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    // A quote in the row that is being read, and the row where the last one was opened.
    let (mut quoted, mut opened) = (false, 1);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                (quoted, opened) = (true, rows.len() + 1);
            }
            _ if quoted => cell.push(c),
            '\r' => {}
            '\n' => {
                cells.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut cells));
            }
            _ if c == separator => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    if quoted {
        return Err(OpenQuote { row: opened });
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push(cells);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_breaks_and_semicolons_are_read_as_spreadsheets_write_them() {
        let table =
            Table::read("\u{FEFF}Number;Last Place\r\n1;\"Gudang; \"\"Barat\"\"\nBandung\"\r\n\r\n2;x").unwrap();
        assert_eq!(table.columns(&["last_place"]).collect::<Vec<_>>(), [1]);
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0], (2, &["1".to_owned(), "Gudang; \"Barat\"\nBandung".to_owned()][..]));
        assert_eq!(rows[1], (4, &["2".to_owned(), "x".to_owned()][..]));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_found_where_it_opens() {
        assert_eq!(Table::read("a,b\n1,\"x\n2,y\n3,z\n").err(), Some(OpenQuote { row: 2 }));
    }
}
