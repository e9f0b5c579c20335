//! santun-emulator
