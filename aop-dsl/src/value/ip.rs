//! Addresses and networks. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

/// An address in one of its standard forms; no leading zeros, which some would read as octal.
pub(crate) fn read(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// A network such as `10.0.0.0/8`, or a single address. Bits beyond the prefix are dropped.
pub(crate) fn read_network(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(read(text)?),
    };
    Some(fold(network).trunc())
}

/// Networks of mapped addresses are networks of IPv4.
fn fold(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => {
            let mapped = v6.addr().to_ipv4_mapped().and_then(|v4| Ipv4Net::new(v4, v6.prefix_len() - 96).ok());
            mapped.map_or(network, IpNet::V4)
        }
        other => other,
    }
}

/// Whether nobody outside of an organisation can have it: private (RFC 1918), shared (RFC 6598) or unique local (RFC 4193).
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || is_shared(v4),
        IpAddr::V6(v6) => v6.is_unique_local(),
    }
}

fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

/// Whether it is the machine itself. The unspecified address (`0.0.0.0`, `::`) leads there too.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified()
}

/// Whether it is of the link alone: `169.254.0.0/16`, where clouds keep their metadata, and `fe80::/10`.
pub(crate) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

/// Whether it is one of the public Internet: none of the above, nor reserved (RFC 6890) for documentation, benchmarks,
/// protocols, multicast or later use. Addresses of IPv6 that carry one of IPv4 (6to4, NAT64) are as public as that one.
pub(crate) fn is_public(address: IpAddr) -> bool {
    if is_private(address) || is_loopback(address) || is_link_local(address) || address.is_multicast() {
        return false;
    }
    match address {
        IpAddr::V4(v4) => !is_reserved(v4),
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                is_public(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)).into())
            }
            // Global unicast is 2000::/3, without documentation and the protocols' own.
            [0x2001, 0xdb8, ..] | [0x2001, 0..=0x1ff, ..] | [0x3fff, 0..=0xfff, ..] => false,
            [first, ..] => first & 0xe000 == 0x2000,
        },
    }
}

fn is_reserved(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_documentation()
        || address.is_broadcast()
        || matches!((first, second, third), (0, ..) | (240.., ..) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        read(text).unwrap_or_else(|| panic!("{text} is no address"))
    }

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_eq!(address("2001:DB8:0:0::1").to_string(), "2001:db8::1");
        for text in ["", "1.2.3", "010.0.0.1", "1.2.3.4.5", "256.0.0.1", "fe80::1%eth0", "[::1]", " 1.2.3.4", "1.2.3.4/8"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn networks_are_cut_to_their_prefix() {
        let shown = |text: &str| read_network(text).map(|network| network.to_string());
        assert_eq!(shown("10.1.2.3/8").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(shown("10.1.2.3").as_deref(), Some("10.1.2.3/32"));
        assert_eq!(shown("::ffff:10.1.2.3").as_deref(), Some("10.1.2.3/32"));
        assert_eq!(shown("::ffff:10.0.0.0/104").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(shown("2001:db8::1/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(shown("::/0").as_deref(), Some("::/0"));
        for text in ["", "10.0.0.0/33", "10.0.0/8", "x/8", "10.0.0.0/", "/8"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn kinds_of_addresses() {
        for (text, private, loopback, link_local) in [
            ("10.0.0.1", true, false, false),
            ("172.31.0.1", true, false, false),
            ("100.64.0.1", true, false, false),
            ("100.128.0.1", false, false, false),
            ("fd00::1", true, false, false),
            ("127.0.0.1", false, true, false),
            ("::ffff:127.0.0.1", false, true, false),
            ("::1", false, true, false),
            ("0.0.0.0", false, true, false),
            ("169.254.169.254", false, false, true),
            ("fe80::1", false, false, true),
            ("93.184.216.34", false, false, false),
        ] {
            let address = address(text);
            let kinds = (is_private(address), is_loopback(address), is_link_local(address));
            assert_eq!(kinds, (private, loopback, link_local), "{text}");
        }
    }

    #[test]
    fn public_addresses_are_what_is_left() {
        for text in ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2002:808:808::1", "64:ff9b::808:808"] {
            assert!(is_public(address(text)), "{text}");
        }
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "0.1.2.3",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "64:ff9b::a00:1",
            "::a00:1",
            "4000::1",
        ] {
            assert!(!is_public(address(text)), "{text}");
        }
    }
}
