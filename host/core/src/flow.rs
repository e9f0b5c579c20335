//! What a step decides, as pure functions of its inputs.
