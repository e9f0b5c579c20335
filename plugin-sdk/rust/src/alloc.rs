//! The plugin's allocator.
//!
//! A call allocates little, and a fresh instance dies with it: what counts is how few instructions and how
//! few pages an allocation touches. So blocks come off the end of what was asked for last ("bump"), and a
//! freed block goes to a list of its size, a power of two, from which the next of that size is taken. That
//! keeps a *warm* instance, which lives for many calls, at the peak of one call. A block that is last can
//! grow in place, as a text under construction does.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr;

use crate::size_classes::{CLASSES, bytes_of, class_of};

#[global_allocator]
static ALLOCATOR: Classes = Classes(UnsafeCell::new(Heap { free: [ptr::null_mut(); CLASSES], next: 0, end: 0 }));

/// Where the heap begins: part of the memory that an instance starts with. To grow memory the host changes page
/// protection twice a call (5 µs of a fresh call's 20 when this was measured). A page of this that a call does not
/// touch costs nothing, so it is as large as nearly every call needs. A smaller stack gained nothing measurable.
static FIRST: First = First(UnsafeCell::new([0; FIRST_BYTES]));
const FIRST_BYTES: usize = 256 << 10;

#[repr(align(4096))]
struct First(UnsafeCell<[u8; FIRST_BYTES]>);

struct Classes(UnsafeCell<Heap>);

struct Heap {
    /// By class, the first free block; each free block holds the address of the next one.
    free: [*mut u8; CLASSES],
    /// Where the next new block begins.
    next: usize,
    /// Where memory that is ours and unused ends.
    end: usize,
}

// A component has one thread.
#[expect(unsafe_code, reason = "a component has one thread, so the heap is never shared")]
unsafe impl Sync for Classes {}
#[expect(unsafe_code, reason = "as above")]
unsafe impl Sync for First {}

const PAGE: usize = 65_536;

impl Heap {
    /// A new block of this class.
    #[cold]
    fn fresh(&mut self, class: usize) -> *mut u8 {
        let bytes = bytes_of(class);
        // Blocks are aligned to their size up to 4 KiB, which is more than any Rust type here asks for.
        let align = bytes.min(4_096);
        if self.end == 0 {
            self.next = FIRST.0.get() as usize;
            self.end = self.next + FIRST_BYTES;
        }
        let mut start = self.next.next_multiple_of(align);
        if start + bytes > self.end {
            let pages = (bytes + align).div_ceil(PAGE);
            let Some(begin) = grow(pages) else { return ptr::null_mut() };
            if begin != self.end {
                // Somebody else (the C library's own allocator) has grown memory since.
                start = begin.next_multiple_of(align);
            }
            self.end = begin + pages * PAGE;
        }
        self.next = start + bytes;
        start as *mut u8
    }
}

fn grow(pages: usize) -> Option<usize> {
    match core::arch::wasm32::memory_grow::<0>(pages) {
        usize::MAX => None,
        before => Some(before * PAGE),
    }
}

#[expect(unsafe_code, reason = "an allocator hands out raw memory")]
unsafe impl GlobalAlloc for Classes {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class_of(layout.size(), layout.align());
        // SAFETY: one thread, and nothing here calls back into the allocator.
        let heap = unsafe { &mut *self.0.get() };
        if class >= CLASSES || layout.align() > 4_096 {
            return ptr::null_mut();
        }
        let block = heap.free[class];
        if block.is_null() {
            return heap.fresh(class);
        }
        // SAFETY: a free block is at least 16 bytes, aligned to 16, and holds the next one's address.
        heap.free[class] = unsafe { block.cast::<*mut u8>().read() };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let class = class_of(layout.size(), layout.align());
        // SAFETY: as in `alloc`; the block came from there with the same layout, hence the same class.
        unsafe {
            let heap = &mut *self.0.get();
            block.cast::<*mut u8>().write(heap.free[class]);
            heap.free[class] = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let old = class_of(layout.size(), layout.align());
        let new = class_of(size, layout.align());
        if old == new {
            return block;
        }
        // SAFETY: as above; the last block grows in place if memory is there and its start is aligned for
        // the larger class, so that it may later be freed into that class.
        unsafe {
            let heap = &mut *self.0.get();
            let start = block as usize;
            let last = start + bytes_of(old) == heap.next;
            if last && new < CLASSES && start % bytes_of(new).min(4_096) == 0 && start + bytes_of(new) <= heap.end {
                heap.next = start + bytes_of(new);
                return block;
            }
            let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return ptr::null_mut() };
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
