//! How do we fetch from the web without being led into the own network or kept forever?

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, ResponseExt};

use crate::found::FailReason;
use crate::limits::Limits;
use crate::walk::Trouble;

/// What a server sent.
pub(crate) struct Fetched {
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    /// The address after redirects.
    pub url: String,
}

/// Fetches an address of the public web within the limits.
pub(crate) fn fetch(address: &str, limits: &Limits) -> Result<Fetched, Trouble> {
    let parsed =
        url::Url::parse(address).map_err(|error| Trouble::new(FailReason::BadAddress, error.to_string()))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(Trouble::new(FailReason::BadAddress, "only http and https addresses are fetched"));
    }
    let config = Agent::config_builder()
        .user_agent(concat!("headwater/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(limits.http_time_max))
        .max_redirects(limits.redirects_max)
        .max_redirects_will_error(true)
        .http_status_as_error(false)
        // A server may hang up behind a redirect without saying so: each request has its own connection.
        .max_idle_connections(0)
        // A proxy would connect in our place, where its addresses cannot be checked.
        .proxy(None)
        .build();
    let resolver =
        PublicResolver { allow_private: limits.allow_private_addresses, inner: DefaultResolver::default() };
    let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
    let mut response = agent.get(parsed.as_str()).call().map_err(|error| trouble(&error))?;
    let status = response.status().as_u16();
    if !response.status().is_success() {
        return Err(FailReason::HttpStatus(status).into());
    }
    let header =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = header("content-type");
    let url = response.get_uri().to_string();
    let mut bytes = Vec::new();
    let limit_bytes = limits.report_bytes_max;
    let body = response.body_mut().as_reader();
    body.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(body_trouble)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(FailReason::TooLarge { limit_bytes }.into());
    }
    Ok(Fetched { bytes, content_type, url })
}

fn body_trouble(error: std::io::Error) -> Trouble {
    let kind = error.kind();
    match error.downcast::<Error>() {
        Ok(error) => trouble(&error),
        Err(_) if kind == std::io::ErrorKind::UnexpectedEof => FailReason::Truncated.into(),
        Err(error) => Trouble::new(FailReason::Unreachable, error.kind().to_string()),
    }
}

fn trouble(error: &Error) -> Trouble {
    let reason = match error {
        Error::Timeout(_) => FailReason::TimedOut,
        Error::TooManyRedirects => FailReason::TooManyRedirects,
        Error::StatusCode(status) => FailReason::HttpStatus(*status),
        Error::BadUri(_) | Error::Http(_) => FailReason::BadAddress,
        Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<Refused>()) => {
            FailReason::RefusedAddress
        }
        Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => FailReason::TimedOut,
        Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => FailReason::Truncated,
        _ => FailReason::Unreachable,
    };
    // Messages of lower layers may repeat what the server sent; the kind of the error is enough.
    let detail = match error {
        Error::Io(error) => error.kind().to_string(),
        Error::Tls(words) => (*words).to_owned(),
        Error::Rustls(_) => "the secure connection failed".to_owned(),
        Error::HostNotFound => "the host is not known".to_owned(),
        _ => String::new(),
    };
    Trouble::new(reason, detail)
}

#[derive(Debug, thiserror::Error)]
#[error("the address is not on the public web")]
struct Refused;

/// Resolves names like any other, but hands on public addresses only.
///
/// The connection is made to exactly the addresses returned here, for every redirect anew, so
/// neither a name that changes its address nor a literal address gets around the check.
#[derive(Debug)]
struct PublicResolver {
    allow_private: bool,
    inner: DefaultResolver,
}

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let resolved = self.inner.resolve(uri, config, timeout)?;
        if self.allow_private {
            return Ok(resolved);
        }
        let mut public = self.empty();
        for address in resolved.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(Error::Io(std::io::Error::other(Refused))) } else { Ok(public) }
    }
}

/// Returns whether the address belongs to the public web.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_unspecified()
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Old ways to write an IPv4 address inside an IPv6 one lead to the former.
    if let Some(inner) = address.to_ipv4() {
        return is_public_v4(inner);
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let inner = Ipv4Addr::from((u32::from(g) << 16) | u32::from(h));
    match (a, b) {
        (0x64, 0xff9b) => c == 0 && d == 0 && e == 0 && f == 0 && is_public_v4(inner),
        (0x2002, _) => is_public_v4(Ipv4Addr::from((u32::from(b) << 16) | u32::from(c))),
        (0x2001, 0 | 0xdb8) => false,
        // Only 2000::/3 is given out to the public.
        _ => (a & 0xe000) == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "240.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in
            ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "100.128.0.1", "172.32.0.1", "64:ff9b::808:808"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
