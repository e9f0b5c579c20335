//! What a plugin prints, a panic's message above all, as lines of the host's log.
//!
//! The standard library prints by the C library, which knows files, terminals, an environment and waiting for them:
//! nineteen functions of WASI that a plugin imports without ever calling them, and that the host links anew for each
//! instance (0.9 µs of a fresh call's 12). The C library's own functions give way to these, and with them goes
//! whatever stands behind. A plugin that really calls other parts of WASI still imports those.

use std::cell::UnsafeCell;
use std::ffi::c_char;
use std::ptr;

use crate::bindings::santun::plugin::log::{self, Level};
use crate::lines::Unfinished;

struct Printed(UnsafeCell<[Unfinished; 2]>);

#[expect(unsafe_code, reason = "a component has one thread, so this is never shared")]
unsafe impl Sync for Printed {}

static PRINTED: Printed = Printed(UnsafeCell::new([const { Unfinished::new() }; 2]));

/// One of several places whose bytes are printed.
#[repr(C)]
struct Piece {
    start: *const u8,
    length: usize,
}

fn with(of: impl FnOnce(&mut [Unfinished; 2])) {
    #[expect(unsafe_code, reason = "see SAFETY")]
    // SAFETY: one thread, and what is done here neither prints nor runs anything of the plugin's.
    of(unsafe { &mut *PRINTED.0.get() });
}

fn level(stream: usize) -> Level {
    if stream == 0 { Level::Info } else { Level::Error }
}

/// Tells what was printed of a line that did not end.
pub(crate) fn tell_rest() {
    with(|both| {
        for (stream, line) in both.iter_mut().enumerate() {
            line.finish(|line| log::write(level(stream), line));
        }
    });
}

/// Prints, in the C library's place; to anything but the standard streams nothing can be written.
#[expect(unsafe_code, reason = "a function of the C library; see SAFETY")]
#[unsafe(no_mangle)]
unsafe extern "C" fn write(to: i32, start: *const u8, length: usize) -> isize {
    let Some(stream) = usize::try_from(to).ok().and_then(|to| to.checked_sub(1)).filter(|stream| *stream < 2) else {
        return -1;
    };
    if length > 0 {
        // SAFETY: whoever prints says where its bytes are, and how many.
        let bytes = unsafe { std::slice::from_raw_parts(start, length) };
        with(|both| both[stream].take(bytes, |line| log::write(level(stream), line)));
    }
    length.cast_signed()
}

/// Prints from several places.
#[expect(unsafe_code, reason = "a function of the C library; see SAFETY")]
#[unsafe(no_mangle)]
unsafe extern "C" fn writev(to: i32, pieces: *const Piece, count: i32) -> isize {
    let mut printed = 0;
    for nth in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: as in `write`, of each piece.
        let piece = unsafe { &*pieces.add(nth) };
        match unsafe { write(to, piece.start, piece.length) } {
            -1 => return -1,
            more => printed += more,
        }
    }
    printed
}

/// The environment, of which a plugin has none.
#[expect(unsafe_code, reason = "a function of the C library")]
#[unsafe(no_mangle)]
extern "C" fn getenv(_: *const c_char) -> *const c_char {
    ptr::null()
}
