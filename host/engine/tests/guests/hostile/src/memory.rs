//! Leaving words all over its memory, and looking for what others left.

use std::arch::wasm32::{memory_grow, memory_size};
use std::hint::black_box;

const PAGE: usize = 65_536;
/// Pages that are taken, so that also memory beyond what an instance begins with is used.
const PAGES: usize = 64;

/// Writes the word to the heap, to memory that is grown for it, and deep into the stack.
pub fn keep(word: &str) {
    std::mem::forget(vec![word.to_owned(); 1_000]);
    let begin = memory_grow::<0>(PAGES) * PAGE;
    for at in (begin..begin + PAGES * PAGE - word.len()).step_by(word.len()) {
        unsafe { std::ptr::copy_nonoverlapping(word.as_ptr(), at as *mut u8, word.len()) };
    }
    deep(word, 200);
}

fn deep(word: &str, left: usize) -> u8 {
    let mut frame = [0_u8; 1_024];
    frame[..word.len()].copy_from_slice(word.as_bytes());
    let below = if left == 0 { 0 } else { deep(word, left - 1) };
    black_box(&frame)[0] ^ below
}

/// How often the word occurs in all of its memory; it is told backwards, so that the question itself does
/// not hold it.
pub fn search(backwards: &str) -> String {
    memory_grow::<0>(PAGES);
    let end = memory_size::<0>() * PAGE;
    let word = black_box(backwards.as_bytes());
    let found = (8..end - word.len())
        .filter(|at| {
            word.iter().rev().enumerate().all(|(i, byte)| unsafe { ((at + i) as *const u8).read_volatile() } == *byte)
        })
        .count();
    format!("{found} times in {end} bytes")
}
