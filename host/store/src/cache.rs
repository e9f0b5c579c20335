//! A bounded cache that forgets what has not been used for a while.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Keeps the last `half` to `2 × half` entries that were used: entries live in two generations, a full
/// young one becomes the old one, and what is used moves back to the young one. Constant time, no links.
pub(crate) struct Recent<K, V> {
    half: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub(crate) fn new(half: usize) -> Self {
        Self { half: half.max(1), young: HashMap::new(), old: HashMap::new() }
    }

    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.insert(key, value.clone());
        Some(value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.young.remove(key);
        self.old.remove(key);
    }

    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut cache = Recent::new(2);
        cache.insert(1, "one");
        for other in 2..10 {
            cache.insert(other, "other");
            assert_eq!(cache.get(&1), Some("one"), "after {other}");
        }
        assert_eq!(cache.get(&2), None);
        assert!(cache.young.len() + cache.old.len() <= 4);
    }

    #[test]
    fn what_is_removed_is_gone_from_both_generations() {
        let mut cache = Recent::new(1);
        cache.insert(1, ());
        cache.insert(2, ());
        cache.remove(&1);
        cache.remove(&2);
        assert_eq!((cache.get(&1), cache.get(&2)), (None, None));
    }
}
