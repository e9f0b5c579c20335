//! How a text is spelt, as a set of its three-letter pieces in 1,024 bits.

/// A set of pieces.
#[derive(Clone, Debug)]
pub struct Sketch([u64; 16]);

impl Sketch {
    /// Of a text. A piece may share a bit with another: texts of a few hundred letters stay apart.
    pub fn of(text: &str) -> Self {
        let mut bits = [0_u64; 16];
        let mut piece = 0_u32;
        for byte in text.bytes().take(MOST) {
            // Spaces, marks and capitals are all one.
            let letter = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b' ' };
            if letter == b' ' && piece & 0xff == u32::from(b' ') {
                continue;
            }
            piece = (piece << 8 | u32::from(letter)) & 0xff_ffff;
            let at = piece.wrapping_mul(0x9e37_79b1) >> 22;
            bits[at as usize >> 6] |= 1 << (at & 63);
        }
        Self(bits)
    }

    /// How much two texts are spelt alike, from 0 to 1.
    pub fn alike(&self, other: &Self) -> f32 {
        let (mut both, mut whole) = (0, 0);
        for (one, two) in self.0.iter().zip(&other.0) {
            both += (one & two).count_ones();
            whole += one.count_ones() + two.count_ones();
        }
        if whole == 0 { 0.0 } else { 2.0 * both as f32 / whole as f32 }
    }
}

/// Longer texts are read up to here.
const MOST: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_alike_as_they_are_spelt() {
        let alike = |one: &str, other: &str| Sketch::of(one).alike(&Sketch::of(other));
        assert!(alike("jam buka berapa", "Jam  buka, berapa?") > 0.8);
        assert!(alike("bisa kirim ke timika ga", "timika bisa kirim?") > 0.5);
        assert!(alike("jam buka berapa", "ada warna merah") < 0.2);
        assert!(alike("", "").abs() < 0.01);
    }
}
