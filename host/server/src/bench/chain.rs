//! `chain_of_four_p50`: the four plugins that ship, one after the other, about one message.

use santun_core::bot::Instance;
use santun_core::verdict::Decision;

use super::question::{Question, TEXT};
use super::{Asked, Failure, Measured, Row, native, place, shop, verdict};

const ROUNDS: usize = 5_000;

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let engine = verdict::engine()?;
    let mut chain = Vec::new();
    for (name, config) in shop::four() {
        let revision = engine.admit(&place::file(&asked.plugins.join(format!("{name}.wasm")))?).await?;
        chain.push(verdict::ready(&engine, &revision, name, config, Instance::Fresh).await?);
    }
    let question = Question::new(TEXT);
    let mut kinds = Vec::new();
    for behaviour in &chain {
        kinds.push(behaviour.handle(question.call()).await.result?.decision);
    }
    let (last, others) = kinds.split_last().ok_or("there is no chain")?;
    if !others.iter().all(|decision| matches!(decision, Decision::Pass)) || !matches!(last, Decision::Reply { .. }) {
        let kinds: Vec<&str> = kinds.iter().map(Decision::name).collect();
        return Err(format!("the message should pass three plugins and be answered by the menu: {kinds:?}").into());
    }
    let four = verdict::times(&chain, ROUNDS).await?;
    let natives = native::four(TEXT)?;
    let native = native::times(&natives, ROUNDS)?;
    let mut each = Vec::new();
    for (behaviour, native) in chain.iter().zip(&natives) {
        let times = verdict::times(std::slice::from_ref(behaviour), ROUNDS / 5).await?;
        let alone = native::times(std::slice::from_ref(native), ROUNDS / 5)?;
        each.push(format!("{} {:.1} (native {:.1})", behaviour.name(), times.micros(500), alone.micros(500)));
    }
    let notes = vec![format!(
        "chain_of_four_p50: {} bytes pass escalation, order-tracking and faq and are answered by menu, each in a fresh \
         instance; history is in memory; p50 in µs: {}; chain p99 {:.0} µs",
        TEXT.len(),
        each.join(", "),
        four.micros(990)
    )];
    Ok(Measured { rows: vec![Row::new("chain_of_four_p50", "µs", four.micros(500), native.micros(500))], notes })
}
