//! The arithmetic of the allocator, apart from its pointers so that it can be tested.

/// The smallest block, in bytes.
const SMALLEST: usize = 16;
/// How many classes there are: 16 bytes to 2 GiB.
pub(crate) const CLASSES: usize = 28;

/// The class of a request: the smallest power of two that holds it, and that is aligned well enough.
pub(crate) const fn class_of(size: usize, align: usize) -> usize {
    let mut need = if size > align { size } else { align };
    if need < SMALLEST {
        need = SMALLEST;
    }
    (need.next_power_of_two().trailing_zeros() - SMALLEST.trailing_zeros()) as usize
}

/// The bytes that a block of this class has.
pub(crate) const fn bytes_of(class: usize) -> usize {
    SMALLEST << class
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_fits_its_class_and_no_smaller_one() {
        for size in 1..5_000 {
            for align in [1, 2, 4, 8, 16, 64] {
                let class = class_of(size, align);
                assert!(class < CLASSES);
                assert!(bytes_of(class) >= size && bytes_of(class) >= align);
                assert!(class == 0 || bytes_of(class - 1) < size || bytes_of(class - 1) < align);
            }
        }
    }
}
