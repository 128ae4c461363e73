//! The address of a client behind proxies.
//!
//! `X-Forwarded-For` is believed only as far as the proxies that the configuration names have
//! written it: from its end backwards, up to the first address that is none of them. What a client
//! puts there itself is never believed. Reads no request; the caller hands in what it found.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses that begin alike: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    first: IpAddr,
    prefix: u32,
}

/// A text names no addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no address, and no address with the length of its prefix")]
pub struct NoAddresses;

impl Addresses {
    /// Whether an address is among them. IPv4 written as IPv6 is IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let begin = |bits: u128, width: u32| {
            bits.checked_shr(width.saturating_sub(self.prefix)).unwrap_or(0)
        };
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(other)) => {
                begin(first.to_bits().into(), 32) == begin(other.to_bits().into(), 32)
            }
            (IpAddr::V6(first), IpAddr::V6(other)) => {
                begin(first.to_bits(), 128) == begin(other.to_bits(), 128)
            }
            _ => false,
        }
    }
}

impl FromStr for Addresses {
    type Err = NoAddresses;

    fn from_str(text: &str) -> Result<Self, NoAddresses> {
        let (first, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let first: IpAddr = first.parse().map_err(|_| NoAddresses)?;
        let first = first.to_canonical();
        let width = if first.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), str::parse).map_err(|_| NoAddresses)?;
        (prefix <= width).then_some(Self { first, prefix }).ok_or(NoAddresses)
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

/// The address that a request comes from.
///
/// `peer` is whom the connection is with; `forwarded` the values of `X-Forwarded-For` in the order
/// of the request. A value that is no address ends what is believed.
pub fn client_address<'h>(
    peer: IpAddr,
    forwarded: impl IntoIterator<Item = &'h str>,
    trusted: &[Addresses],
) -> IpAddr {
    let is_proxy = |address: IpAddr| trusted.iter().any(|addresses| addresses.contains(address));
    let named: Vec<&str> = forwarded.into_iter().flat_map(|value| value.split(',')).collect();
    let mut client = peer.to_canonical();
    for name in named.iter().rev() {
        if !is_proxy(client) {
            break;
        }
        let Some(before) = address_in(name.trim()) else { break };
        client = before.to_canonical();
    }
    client
}

/// The address in `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1` and `[2001:db8::1]:4711`.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<Addresses> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let client = client_address(peer.parse().unwrap(), forwarded.iter().copied(), &trusted);
        client.to_string()
    }

    #[test]
    fn without_trusted_proxies_the_header_says_nothing() {
        assert_eq!(client("198.51.100.1", &["203.0.113.9"], &[]), "198.51.100.1");
        assert_eq!(client("198.51.100.1", &["203.0.113.9"], &["10.0.0.0/8"]), "198.51.100.1");
    }

    #[test]
    fn the_last_address_that_is_no_proxy_is_the_client() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(client("10.1.1.1", &["203.0.113.9"], &proxies), "203.0.113.9");
        // What the client made up stands before what the proxy saw.
        assert_eq!(client("10.1.1.1", &["192.0.2.1, 203.0.113.9"], &proxies), "203.0.113.9");
        let two = ["192.0.2.1", "203.0.113.9, [2001:db8::7]:443"];
        assert_eq!(client("::ffff:10.1.1.1", &two, &proxies), "203.0.113.9");
        assert_eq!(client("10.1.1.1", &["10.9.9.9"], &proxies), "10.9.9.9");
        assert_eq!(client("10.1.1.1", &[], &proxies), "10.1.1.1");
        assert_eq!(client("10.1.1.1", &["203.0.113.9:4711"], &proxies), "203.0.113.9");
        assert_eq!(client("10.1.1.1", &["203.0.113.9, unknown"], &proxies), "10.1.1.1");
    }

    #[test]
    fn addresses_are_one_or_those_that_begin_alike() {
        let contains = |addresses: &str, one: &str| {
            addresses.parse::<Addresses>().unwrap().contains(one.parse().unwrap())
        };
        assert!(contains("192.0.2.7", "192.0.2.7") && !contains("192.0.2.7", "192.0.2.6"));
        assert!(contains("172.16.0.0/12", "172.31.255.255"));
        assert!(!contains("172.16.0.0/12", "172.32.0.0"));
        assert!(contains("0.0.0.0/0", "8.8.8.8") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("::/0", "2001:db8::1") && contains("10.0.0.0/8", "::ffff:10.2.3.4"));
        for bad in ["", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "proxy.example"] {
            assert_eq!(bad.parse::<Addresses>(), Err(NoAddresses), "{bad}");
        }
        assert_eq!("10.0.0.0/8".parse::<Addresses>().unwrap().to_string(), "10.0.0.0/8");
    }
}
