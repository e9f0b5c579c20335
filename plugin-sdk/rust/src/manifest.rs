//! The manifest in the custom section `santun:manifest`.

use crate::config::Node;

/// What a plugin tells about itself, as JSON. `#[plugin]` implements it.
pub trait Manifest {
    /// The JSON document.
    const MANIFEST: Node;
}

/// The manifest as it stands in the component.
pub fn manifest_of<T: Manifest>() -> String {
    let mut rest = vec![T::MANIFEST];
    let mut text = String::with_capacity(T::MANIFEST.len());
    while let Some(node) = rest.pop() {
        match node {
            Node::Text(piece) => text.push_str(piece),
            Node::Parts(parts) => rest.extend(parts.iter().rev()),
        }
    }
    text
}
