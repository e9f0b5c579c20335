use santun_core::gate::ClearedMessage;

fn deserialised(text: &str) -> ClearedMessage {
    serde_json::from_str::<ClearedMessage>(text).unwrap()
}

fn main() {
    let _ = deserialised;
}
