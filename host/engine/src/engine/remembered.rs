//! Functions that were compiled while customers were being answered: the next revision of a plugin has most of them too.
//!
//! A plugin in Rust that is swapped for one with a small change takes 0.07 s of one core rather than 0.31: what is left
//! is reading it and finding out which functions are the same. They are known by a SHA-256 of all that their code
//! depends on, and never leave the process.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use parking_lot::Mutex;
use wasmtime::CacheStore;

/// Bytes of compiled functions that are remembered: those of some ten plugins in Rust, 1.5 MB each.
const AT_MOST: usize = 16 << 20;

/// Compiled functions.
#[derive(Debug)]
pub(super) struct Remembered {
    /// Whether they are worth their room. What a start compiles is not swapped under anybody, and most hosts never swap.
    from_now_on: Arc<AtomicBool>,
    at_most: usize,
    functions: Mutex<Functions>,
}

#[derive(Debug, Default)]
struct Functions {
    by_key: HashMap<Arc<[u8]>, Vec<u8>>,
    /// The first to be forgotten first.
    order: VecDeque<Arc<[u8]>>,
    bytes: usize,
}

impl Remembered {
    /// None yet, nor any before that is set.
    pub(super) fn once(from_now_on: Arc<AtomicBool>) -> Self {
        Self { from_now_on, at_most: AT_MOST, functions: Mutex::default() }
    }
}

impl CacheStore for Remembered {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.functions.lock().by_key.get(key).map(|function| Cow::Owned(function.clone()))
    }

    fn insert(&self, key: &[u8], function: Vec<u8>) -> bool {
        if !self.from_now_on.load(Relaxed) || function.len() > self.at_most {
            return false;
        }
        let mut functions = self.functions.lock();
        let key: Arc<[u8]> = key.into();
        functions.bytes += function.len();
        match functions.by_key.insert(key.clone(), function) {
            Some(same) => functions.bytes -= same.len(),
            None => functions.order.push_back(key),
        }
        while functions.bytes > self.at_most
            && let Some(oldest) = functions.order.pop_front()
            && let Some(forgotten) = functions.by_key.remove(&oldest)
        {
            functions.bytes -= forgotten.len();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::component::Component;

    use super::*;
    use crate::settings::Bounds;

    const GOLDEN: &[u8] = include_bytes!("../../tests/guests/golden/golden-0.1.0.wasm");

    #[test]
    fn another_revision_of_a_plugin_is_compiled_from_the_functions_that_are_the_same() {
        let remembered = Arc::new(Remembered::once(Arc::new(AtomicBool::new(true))));
        let engine =
            wasmtime::Engine::new(&super::super::configuration::of(&Bounds::default(), remembered.clone()).unwrap());
        let engine = engine.unwrap();
        let count = || remembered.functions.lock().by_key.len();
        let first = Component::from_binary(&engine, GOLDEN).unwrap();
        let functions = count();
        assert!(functions > 10, "{functions}");
        // A custom section says nothing: its number, its size, and a name.
        let second = Component::from_binary(&engine, &[GOLDEN, b"\0\x03\x02hi"].concat()).unwrap();
        // All but a few that the engine writes itself, between a component's modules.
        assert!(count() < functions + functions / 4, "{functions}, and {} more", count() - functions);
        let code = |component: &Component| component.serialize().unwrap().len();
        assert_eq!(code(&first), code(&second));
    }

    #[test]
    fn nothing_is_remembered_before_that_is_worth_its_room_and_then_what_came_last() {
        let is_asked = Arc::new(AtomicBool::new(false));
        let remembered = Remembered { at_most: 10, ..Remembered::once(is_asked.clone()) };
        assert!(!remembered.insert(b"a", vec![1; 4]));
        assert_eq!(remembered.get(b"a"), None);
        is_asked.store(true, Relaxed);
        for key in [b"a", b"b", b"b", b"c"] {
            assert!(remembered.insert(key, vec![key[0]; 4]));
        }
        assert_eq!(remembered.get(b"a"), None, "there is room for two");
        for key in [b"b", b"c"] {
            assert_eq!(remembered.get(key).as_deref(), Some(&[key[0]; 4][..]));
        }
        assert!(!remembered.insert(b"d", vec![4; 11]), "nothing makes room for what is too large");
        assert!(remembered.get(b"c").is_some());
    }
}
