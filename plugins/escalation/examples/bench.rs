//! How long a call takes natively, part by part: `cargo run --release -p santun-plugin-escalation --example bench`.
//!
//! Each figure is the best of many batches, so that a busy machine disturbs it little.

use std::hint::black_box;
use std::time::Instant;

use santun_plugin::prelude::*;
use santun_plugin_escalation::Escalation;
use santun_plugin_escalation::features;
use santun_plugin_escalation::history::Past;
use santun_plugin_escalation::model::Model;
use santun_plugin_escalation::reading::Reading;

const BATCHES: usize = 400;
const BATCH: u32 = 25;

fn main() -> Result<(), Error> {
    let texts = [
        "halo kak mau tanya stok baju yang warna merah masih ada ga ya",
        "pesanan saya kok blm sampai juga padahal udah 3 minggu gimana sih ini",
    ];
    let earlier = [("customer", "bajunya ready?"), ("bot", "Ready kak."), ("customer", "ok"), ("bot", "Siap kak.")];
    for text in texts {
        println!("{text}");
        let reading = Reading::of(text);
        let past = Past::default();
        let mut count = 0;
        features::each(&reading, &past, &mut |_| count += 1);
        best("  read", || drop(black_box(Reading::of(black_box(text)))));
        best(&format!("  judge {count} features"), || {
            black_box(Model::built_in().judge(|put| features::each(black_box(&reading), &past, put)));
        });
        let first = TestHost::new().configure::<Escalation>("{}")?;
        best("  a first message, whole call", || drop(black_box(first.ask::<Escalation>(text))));
        let later = TestHost::new().configure::<Escalation>("{}")?.with_history(&earlier);
        let later = later.change(|context| context.counters.customer_messages = 2);
        best("  a third message, whole call", || drop(black_box(later.ask::<Escalation>(text))));
    }
    Ok(())
}

fn best(what: &str, mut run: impl FnMut()) {
    let batch = || {
        let start = Instant::now();
        (0..BATCH).for_each(|_| run());
        start.elapsed() / BATCH
    };
    let best = std::iter::repeat_with(batch).take(BATCHES).min().unwrap_or_default();
    println!("{what}: {:.1} µs", best.as_secs_f64() * 1e6);
}
