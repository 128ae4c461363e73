//! Where webhooks may be sent: which URLs, and which addresses.
//!
//! A URL that a user gives must not make the server talk to what only it can reach: its own
//! ports, the network it stands in, the metadata of its cloud. So plain HTTP is refused, and so is
//! every address that is not a public one. `webhooks.allow_private` lifts both for receivers in
//! one's own network, for HTTP only there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// Longest URL of a target.
const MOST_BYTES: usize = 2048;

/// A URL to send webhooks to. Whether its host is a permitted one turns out when it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Uri);

/// Why a URL or its address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetRefused {
    /// It cannot be read, is too long, has a user's name or no host.
    #[error("the target is no URL of a host, as in https://example.org/hooks")]
    NoUrl,
    /// Its scheme is another one.
    #[error("the target does not begin with https://")]
    NotHttps,
    /// It is, or resolves to, an address of a kind that is refused.
    #[error("the target's address {0} is not a public one")]
    NotPublic(IpAddr),
    /// Plain HTTP to a public address.
    #[error("the target's address {0} is a public one: use https://")]
    PublicOverHttp(IpAddr),
}

impl Target {
    /// Reads a URL. Addresses in place of a name are judged at once.
    pub fn parse(text: &str, allow_private: bool) -> Result<Self, TargetRefused> {
        if text.len() > MOST_BYTES || text.contains('#') {
            return Err(TargetRefused::NoUrl);
        }
        let uri: Uri = text.parse().map_err(|_| TargetRefused::NoUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(TargetRefused::NoUrl)?;
        if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
            return Err(TargetRefused::NoUrl);
        }
        let is_http = uri.scheme() == Some(&Scheme::HTTP);
        if uri.scheme() != Some(&Scheme::HTTPS) && !(is_http && allow_private) {
            return Err(TargetRefused::NotHttps);
        }
        if let Ok(address) = host.trim_matches(['[', ']']).parse() {
            judge(&uri, address, allow_private)?;
        }
        Ok(Self(uri))
    }

    /// The URL.
    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a URL may be fetched from an address.
pub(crate) fn judge(uri: &Uri, address: IpAddr, allow_private: bool) -> Result<(), TargetRefused> {
    let address = address.to_canonical();
    match reach_of(address) {
        Reach::Public if uri.scheme() == Some(&Scheme::HTTPS) => Ok(()),
        Reach::Public => Err(TargetRefused::PublicOverHttp(address)),
        Reach::Private if allow_private => Ok(()),
        Reach::Private | Reach::Nowhere => Err(TargetRefused::NotPublic(address)),
    }
}

/// From where an address can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// From everywhere.
    Public,
    /// From this machine or the networks around it.
    Private,
    /// It is nobody's, or everybody's.
    Nowhere,
}

/// By IANA's registries of special-purpose addresses.
fn reach_of(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_of_v4(address),
        IpAddr::V6(address) => reach_of_v6(address),
    }
}

fn reach_of_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [10 | 127, ..]
        | [100, 64..=127, ..]
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..] => Reach::Private,
        // This network, protocol assignments, documentation, benchmarks, multicast, reserved.
        [0 | 224..=255, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Nowhere,
        _ => Reach::Public,
    }
}

fn reach_of_v6(address: Ipv6Addr) -> Reach {
    let [first, second, ..] = address.segments();
    match (first, second) {
        _ if address == Ipv6Addr::LOCALHOST => Reach::Private,
        // Unique local, link local, and what was once site local.
        (0xfc00..=0xfdff | 0xfe80..=0xfeff, _) => Reach::Private,
        // Teredo and other protocols, documentation, 6to4, which leads to IPv4 of any reach.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002 | 0x3fff, _) => Reach::Nowhere,
        (0x2000..=0x3fff, _) => Reach::Public,
        // Only 2000::/3 is given out. NAT64 and other ways to write IPv4 lie outside, too.
        _ => Reach::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Reach {
        reach_of(text.parse::<IpAddr>().unwrap().to_canonical())
    }

    #[test]
    fn public_addresses_are_told_from_private_ones() {
        for public in ["8.8.8.8", "100.63.0.1", "172.32.0.1", "192.0.1.1", "2a00::1", "2606::1"] {
            assert_eq!(reach(public), Reach::Public, "{public}");
        }
        for private in [
            "127.0.0.1",
            "127.255.0.1",
            "10.0.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(reach(private), Reach::Private, "{private}");
        }
        for nowhere in [
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.1",
            "::",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "ff02::1",
            "100::1",
        ] {
            assert_eq!(reach(nowhere), Reach::Nowhere, "{nowhere}");
        }
    }

    #[test]
    fn only_https_urls_of_public_hosts_are_targets() {
        let refused = |text: &str| Target::parse(text, false).unwrap_err();
        assert!(Target::parse("https://example.org:8443/hooks?a=b", false).is_ok());
        assert!(Target::parse("https://8.8.8.8/", false).is_ok());
        for text in ["", "/hooks", "https://", "https://a@example.org/", "https://e.org/#a", "a b"]
        {
            assert_eq!(refused(text), TargetRefused::NoUrl, "{text}");
        }
        assert_eq!(refused(&format!("https://e.org/{}", "a".repeat(2048))), TargetRefused::NoUrl);
        for text in ["http://example.org/", "ftp://example.org/", "gopher://example.org"] {
            assert_eq!(refused(text), TargetRefused::NotHttps, "{text}");
        }
        for text in ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/"] {
            assert!(matches!(refused(text), TargetRefused::NotPublic(_)), "{text}");
        }
    }

    #[test]
    fn private_targets_are_taken_where_the_configuration_allows_it() {
        for text in ["http://127.0.0.1:8080/hooks", "https://10.0.0.1/", "http://intranet/hooks"] {
            assert!(Target::parse(text, true).is_ok(), "{text}");
        }
        let public = Target::parse("http://8.8.8.8/", true);
        assert!(matches!(public, Err(TargetRefused::PublicOverHttp(_))));
        let nobodys = Target::parse("https://0.0.0.0/", true);
        assert!(matches!(nobodys, Err(TargetRefused::NotPublic(_))));
    }
}
