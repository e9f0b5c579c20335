//! Every fuzz target over its corpus, so that none rots between two runs of `make fuzz`.

use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is the library of another crate as well")]
mod fuzz;

#[test]
fn every_target_comes_back_from_all_of_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in fuzz::TARGETS {
        let folder = corpus.join(name);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut inputs = 0;
        for file in files {
            let file = file.expect("a file").path();
            println!("{}", file.display());
            target(&std::fs::read(&file).expect("it can be read"));
            inputs += 1;
        }
        assert!(inputs >= 3, "{name} has a corpus of {inputs}");
        target(b"");
    }
}
