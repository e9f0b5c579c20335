//! santun-store
