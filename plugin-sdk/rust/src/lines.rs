//! Lines out of what is printed piece by piece, apart from where they go so that it can be tested.

/// Bytes of a line; a longer one is told in parts. The contract's log takes no longer ones.
const LONGEST: usize = 1_024;

/// A line that is not whole yet. Nothing is allocated: what is printed may be that there is no memory left.
pub(crate) struct Unfinished {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Unfinished {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; LONGEST], length: 0 }
    }

    /// Takes what was printed, and passes on each line that it makes whole.
    pub(crate) fn take(&mut self, printed: &[u8], mut each: impl FnMut(&str)) {
        for byte in printed {
            if *byte == b'\n' {
                self.finish(&mut each);
                continue;
            }
            if self.length == LONGEST {
                self.finish(&mut each);
            }
            self.bytes[self.length] = *byte;
            self.length += 1;
        }
    }

    /// Passes on what there is of a line, up to what is no text.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(&str)) {
        let line = &self.bytes[..std::mem::take(&mut self.length)];
        if let Some(chunk) = line.utf8_chunks().next().filter(|chunk| !chunk.valid().is_empty()) {
            each(chunk.valid());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(printed: &[&[u8]]) -> Vec<String> {
        let (mut unfinished, mut lines) = (Unfinished::new(), Vec::new());
        for piece in printed {
            unfinished.take(piece, |line| lines.push(line.to_owned()));
        }
        unfinished.finish(|line| lines.push(line.to_owned()));
        lines
    }

    #[test]
    fn pieces_become_lines() {
        assert_eq!(lines(&[b"\nfirst", b" line\nsecond", b"\n\nlast"]), ["first line", "second", "last"]);
        assert!(lines(&[b"", b"\n\n"]).is_empty());
    }

    #[test]
    fn a_long_line_is_told_in_parts_and_what_is_no_text_ends_one() {
        assert_eq!(lines(&[&[b'x'; 2_500]]).iter().map(String::len).collect::<Vec<_>>(), [1_024, 1_024, 452]);
        assert_eq!(lines(&[b"good \xff bad\nnext"]), ["good ", "next"]);
    }
}
