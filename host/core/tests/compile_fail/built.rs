use santun_core::gate::ClearedMessage;
use santun_core::identity::Identity;
use santun_core::ids::TurnId;
use santun_core::outgoing::Outgoing;

fn built(id: TurnId, recipient: Identity) -> ClearedMessage {
    ClearedMessage { id, channel: "1".into(), recipient, content: Outgoing::text("halo") }
}

fn main() {
    let _ = built;
}
