//! santun
