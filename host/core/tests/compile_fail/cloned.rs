use santun_core::gate::ClearedMessage;

fn cloned(message: &ClearedMessage) -> ClearedMessage {
    message.clone()
}

fn main() {
    let _ = cloned;
}
