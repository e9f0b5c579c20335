//! Every released version of the contract keeps loading and answering: by the very bytes that were built for
//! it, which lie beside their source and are never built again.

use santun_core::ids::RevisionId;

use crate::support::*;

/// A component of each version, and the SHA-256 that it was frozen with.
const GOLDEN: [(&str, &[u8], &str); 1] = [(
    "0.1.0",
    include_bytes!("../guests/golden/golden-0.1.0.wasm"),
    "9b8162fa91cb11a318446c214a83ebe21620bda3f8acc58fe410d73ba3f7d494",
)];

#[tokio::test]
async fn a_component_of_every_contract_version_loads_and_answers() {
    for (version, component, frozen) in GOLDEN {
        assert_eq!(RevisionId::of(component).to_string(), frozen, "golden bytes never change: add another file");
        let engine = engine();
        let revision = engine.admit(component).await.unwrap();
        let plugin = engine.ready(revision, setup("golden")).await.unwrap();
        let answer = ask(&plugin, "halo").await;
        assert_eq!(text(&answer), format!("halo from {version} in id, 2 prepared, 0 turns, state set"));
        assert_eq!(answer.writes.len(), 1);
        let verdict = answer.result.unwrap();
        assert_eq!((verdict.labels.as_slice(), verdict.confidence), (["greeting".to_owned()].as_slice(), Some(0.5)));
    }
}
