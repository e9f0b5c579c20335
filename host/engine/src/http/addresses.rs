//! Which addresses plugins have no business with, and the resolver that leaves them out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address is anything but a public unicast one, or is a cloud's metadata service.
/// Sources: the IANA special-purpose address registries (RFC 6890 and its successors).
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, d] = v4.octets();
    match (a, b, c) {
        // This network, private use, loopback, multicast and reserved.
        (0 | 10 | 127 | 224..=255, ..) => true,
        // Shared address space of carriers (CGNAT); clouds put metadata services here as well.
        (100, 64..=127, _) => true,
        // Link-local, with the metadata service of most clouds.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // IETF protocol assignments; documentation; 6to4 relays; benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Azure's wire server.
        (168, 63, 129) => d == 16,
        _ => false,
    }
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_private_v4(v4);
    }
    let s = v6.segments();
    // Only 2000::/3 is global unicast; loopback, unique local, link-local, multicast, NAT64
    // (64:ff9b::/96 and its local-use range) and IPv4-compatible addresses all lie outside.
    if s[0] & 0xe000 != 0x2000 {
        return true;
    }
    match (s[0], s[1]) {
        // 6to4 carries an IPv4 address inside.
        (0x2002, _) => true,
        // IETF protocol assignments with Teredo and ORCHID; documentation.
        (0x2001, 0..=0x01ff) | (0x2001, 0x0db8) => true,
        (0x3fff, 0..=0x0fff) => true,
        _ => false,
    }
}

/// The resolver that the connector itself uses: what it leaves out cannot be connected to, whatever an
/// earlier look-up has said or a later one would say.
#[derive(Clone)]
pub(crate) struct PublicOnly {
    look_up: LookUp,
}

/// How the addresses of a host are found, by its name in small letters. Their ports mean nothing.
pub type LookUp = fn(String) -> LookedUp;

/// The addresses of a host, once they are found.
pub type LookedUp = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;

impl PublicOnly {
    pub(crate) fn of_the_system() -> Self {
        Self { look_up: |host| Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) }) }
    }

    pub(crate) fn by(look_up: LookUp) -> Self {
        Self { look_up }
    }
}

/// No address of a host may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the host has only private addresses; to reach one, grant it literally, as in http://10.0.0.5:8090")]
pub(crate) struct AddressRefused;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let look_up = self.look_up;
        Box::pin(async move {
            let host = name.as_str().to_ascii_lowercase();
            // Only granted origins come here; `localhost` in a grant says literally what it means.
            let is_local = host == "localhost";
            let found = look_up(host).await?;
            let existed = !found.is_empty();
            let allowed: Vec<_> = found
                .into_iter()
                .filter(|address| match is_local {
                    true => address.ip().is_loopback(),
                    false => !is_private(address.ip()),
                })
                .collect();
            if allowed.is_empty() && existed {
                return Err(AddressRefused.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn public_addresses_are_not_refused() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "168.63.129.17",
            "192.0.1.1",
            "2606:4700::1111",
            "2a03:2880::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn of_several_addresses_only_public_ones_are_connected_to() {
        let both = PublicOnly::by(|_| {
            let addresses = ["10.0.0.5", "1.1.1.1", "169.254.169.254", "::1"];
            let addresses = addresses.map(|address| SocketAddr::new(address.parse().unwrap(), 0));
            Box::pin(async move { Ok(addresses.to_vec()) })
        });
        let found: Vec<_> = both.resolve("shop.example".parse().unwrap()).await.unwrap().collect();
        assert_eq!(found, ["1.1.1.1:0".parse().unwrap()]);
    }

    #[tokio::test]
    async fn localhost_resolves_to_loopback_only() {
        let found: Vec<_> = PublicOnly::of_the_system().resolve("localhost".parse().unwrap()).await.unwrap().collect();
        assert!(!found.is_empty() && found.iter().all(|address| address.ip().is_loopback()));
    }
}
