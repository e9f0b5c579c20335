use santun_core::draft::StoredDraft;
use santun_core::gate::ClearedMessage;

fn send(message: ClearedMessage) {
    drop(message);
}

fn unlooked(draft: StoredDraft) {
    send(draft);
}

fn main() {
    let _ = unlooked;
}
