//! Reading CSV as spreadsheets write it: quotes, commas or semicolons, with or without a byte order mark.

/// A table with a header.
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads a table.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let first = text.lines().next().unwrap_or_default();
        let separator = if first.matches(';').count() > first.matches(',').count() { ';' } else { ',' };
        let mut rows = lines(text, separator).into_iter();
        let header = rows.next().map(|(_, cells)| cells).unwrap_or_default();
        let header = header.iter().map(|name| name.trim().to_lowercase().replace([' ', '-'], "_")).collect();
        Self { header, rows: rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())).collect() }
    }

    /// The column with one of these names.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        self.header.iter().position(|name| names.contains(&name.as_str()))
    }

    /// The rows, each with the number of its line.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, &[String])> {
        self.rows.iter().map(|(line, cells)| (*line, cells.as_slice()))
    }
}

fn lines(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut line, mut began) = (false, 1, 1);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\n' {
            line += 1;
        }
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            _ if quoted => cell.push(c),
            '\r' => {}
            '\n' => {
                cells.push(std::mem::take(&mut cell));
                rows.push((began, std::mem::take(&mut cells)));
                began = line;
            }
            _ if c == separator => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((began, cells));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_breaks_and_semicolons_are_read_as_spreadsheets_write_them() {
        let table = Table::read("\u{FEFF}Number;Last Place\r\n1;\"Gudang; \"\"Barat\"\"\nBandung\"\r\n\r\n2;x");
        assert_eq!(table.column(&["last_place"]), Some(1));
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0], (2, &["1".to_owned(), "Gudang; \"Barat\"\nBandung".to_owned()][..]));
        assert_eq!(rows[1], (5, &["2".to_owned(), "x".to_owned()][..]));
    }
}
