use santun_core::gate::ClearedMessage;

fn send(message: ClearedMessage) {
    drop(message);
}

fn twice(message: ClearedMessage) {
    send(message);
    send(message);
}

fn main() {
    let _ = twice;
}
