//! `start_from_cache`: from an opened store to a version that serves, compiled code on disk or not.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::samples::Samples;
use super::shop::{Chain, Shop};
use super::{Asked, Failure, Measured, Row};
use crate::apply::restore_last;

const WITH: usize = 7;
const WITHOUT: usize = 3;

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let shop = Shop::new(asked, "http://127.0.0.1:9", SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let host = shop.open().await?;
    shop.apply(&host, Chain::Four, 1_200).await?;
    host.store.close().await;
    drop(host);
    let mut with = Vec::new();
    for _ in 0..WITH {
        with.push(start(&shop).await?);
    }
    let mut without = Vec::new();
    for _ in 0..WITHOUT {
        std::fs::remove_dir_all(shop.settings()?.path(&shop.settings()?.plugins.cache))?;
        without.push(start(&shop).await?);
    }
    let (with, without) = (Samples::of(with), Samples::of(without));
    let notes = vec![format!(
        "start_from_cache: opening the databases, the engine, and making four plugins ready (their prepare and examples \
         included); median of {WITH} starts, baseline of {WITHOUT} that compile"
    )];
    Ok(Measured { rows: vec![Row::new("start_from_cache", "ms", with.millis(500), without.millis(500))], notes })
}

async fn start(shop: &Shop) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let host = shop.open().await?;
    if !restore_last(&host).await? {
        return Err("nothing was applied".into());
    }
    let took = begun.elapsed();
    host.store.close().await;
    Ok(took)
}
