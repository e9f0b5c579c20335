use santun_core::gate::ClearedMessage;
use santun_core::identity::Identity;
use santun_core::ids::TurnId;
use santun_core::outgoing::Outgoing;

fn constructed(id: TurnId, recipient: Identity) -> ClearedMessage {
    ClearedMessage::new(id, "1".into(), recipient, Outgoing::text("halo"))
}

fn main() {
    let _ = constructed;
}
