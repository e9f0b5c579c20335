//! What senders do: take it, and read it.

use santun_core::gate::ClearedMessage;

fn send(message: ClearedMessage) -> usize {
    message.content().words().len()
}

fn main() {
    let _: fn(ClearedMessage) -> usize = send;
}
