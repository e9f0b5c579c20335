//! santun-engine
