use santun_core::gate::ClearedMessage;

fn main() {
    let _ = ClearedMessage::default();
}
