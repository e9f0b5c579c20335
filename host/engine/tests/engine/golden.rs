//! Every released version of the contract keeps loading and answering. Until version 0.1.0 is
//! released its golden component is built from its source; from then on its bytes are kept beside it.

use std::path::Path;

use crate::support::*;

#[tokio::test]
async fn a_component_of_every_contract_version_loads_and_answers() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let versions = std::fs::read_dir(kept).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut components: Vec<_> =
        versions.map(|version| std::fs::read(version.join("golden.wasm")).expect("its bytes are kept")).collect();
    components.push(guest("golden"));
    for component in components {
        let engine = engine();
        let revision = engine.admit(&component).await.unwrap();
        let plugin = engine.ready(revision, setup("golden")).await.unwrap();
        let answer = ask(&plugin, "halo").await;
        assert_eq!(text(&answer), "halo from 0.1.0 in id, 2 prepared, 0 turns, state set");
        assert_eq!(answer.writes.len(), 1);
        let verdict = answer.result.unwrap();
        assert_eq!((verdict.labels.as_slice(), verdict.confidence), (["greeting".to_owned()].as_slice(), Some(0.5)));
    }
}
