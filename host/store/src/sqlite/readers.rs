//! Connections that only read, beside the one that writes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Address, Connection};
use crate::error::{OpenError, StoreError};

/// A handful of connections that only read, made when they are needed. Whoever wants one waits for their turn.
///
/// They come back the moment that they are let go of, without being asked whether they still work: that would
/// cost each read two more changes of thread.
pub(crate) struct Readers {
    shared: Arc<Shared>,
    most: u32,
}

struct Shared {
    address: Address,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

/// One of them, until it is dropped.
pub(crate) struct Reader {
    /// `None` only while it is dropped.
    connection: Option<Connection>,
    shared: Arc<Shared>,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    pub(super) async fn open(address: &Address, most: u32) -> Result<Self, OpenError> {
        let first = address.reader().await.map_err(|source| address.failed(source))?;
        let idle = Mutex::new(vec![first]);
        let places = Arc::new(Semaphore::new(most as usize));
        Ok(Self { shared: Arc::new(Shared { address: address.clone(), idle, places }), most })
    }

    /// Waits for one of them.
    pub(crate) async fn acquire(&self) -> Result<Reader, StoreError> {
        let place = self.shared.places.clone().acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let idle = self.shared.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.shared.address.reader().await?,
        };
        Ok(Reader { connection: Some(connection), shared: self.shared.clone(), _place: place })
    }

    /// Lets nobody read any more, and closes them once those who read are done.
    pub(crate) async fn close(&self) {
        let all = self.shared.places.acquire_many(self.most).await;
        self.shared.places.close();
        drop(all);
        let idle = std::mem::take(&mut *self.shared.idle.lock());
        for connection in idle {
            super::close(connection).await;
        }
    }
}

impl Deref for Reader {
    type Target = Connection;

    #[expect(clippy::expect_used, reason = "only its own drop takes it")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Reader {
    #[expect(clippy::expect_used, reason = "only its own drop takes it")]
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.idle.lock().extend(self.connection.take());
    }
}
