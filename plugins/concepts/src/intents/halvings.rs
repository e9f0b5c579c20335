//! Exponentials of what is below the best, in whole numbers.

use super::model::ONE;

/// How many steps there are from 1 to a half.
const STEPS: usize = 256;
/// Bits of a step's own parts.
const PARTS: u32 = 16;

/// 1 to a half in equal ratios, 2^30 standing for 1.
static SHARES: [u32; STEPS + 1] = {
    let mut shares = [0; STEPS + 1];
    // 2^(-1/256)
    let ratio = 0.997_296_056_085_470_1_f64;
    let mut share = (1_u64 << 30) as f64;
    let mut step = 0;
    while step <= STEPS {
        shares[step] = (share + 0.5) as u32;
        share *= ratio;
        step += 1;
    }
    shares
};

/// What halves a share: how far below the best, in sums of weights.
pub(super) struct Halvings {
    /// How many halvings a weight of 1 is, 2^32 standing for 1.
    rate: u64,
}

impl Halvings {
    /// With what a weight of 1 adds to a logit.
    pub(super) fn of(scale: f32) -> Self {
        Self { rate: (scale * std::f32::consts::LOG2_E * ONE) as u64 }
    }

    /// e^-`below`, 2^30 standing for 1; `below` is no more than seven logits. A millionth of it may be missing.
    pub(super) fn share(&self, below: i64) -> u32 {
        // Of 2^32 parts of a sum 2^24 stay, which is how many parts a halving has.
        let parts = ((below.unsigned_abs() >> 8) * self.rate) >> 32;
        let step = parts as usize >> PARTS;
        let (more, less) = (SHARES[step % STEPS], SHARES[step % STEPS + 1]);
        let share = more - ((u64::from(more - less) * (parts & ((1 << PARTS) - 1))) >> PARTS) as u32;
        share.checked_shr((step / STEPS) as u32).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exponentials() {
        for scale in [0.003_f32, 0.05, 1.0] {
            let halvings = Halvings::of(scale);
            for below in 0..700_u16 {
                let below = f32::from(below) / 100.0;
                let share = halvings.share((below / scale * ONE) as i64) as f32 / (1 << 30) as f32;
                assert!((share / (-below).exp() - 1.0).abs() < 5e-6, "{scale} {below} {share}");
            }
        }
    }
}
