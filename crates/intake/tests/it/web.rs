//! Servers of every temper, on the loopback address.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use headwater_intake::{FailReason, Found, Intake, Item, Limits, Target};

use crate::samples::{PAGE, RSS};

/// Starts a server that answers each connection with `answer`, and returns its address.
fn server(answer: impl Fn(&mut TcpStream, &str) -> std::io::Result<()> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = Vec::new();
            let mut block = [0; 1024];
            while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                match stream.read(&mut block) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => request.extend_from_slice(&block[..length]),
                }
            }
            // The client may hang up on purpose.
            let _ = answer(&mut stream, &String::from_utf8_lossy(&request));
        }
    });
    address
}

fn ok(stream: &mut TcpStream, kind: &str, body: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn limits() -> Limits {
    Limits {
        allow_private_addresses: true,
        http_time_max: Duration::from_secs(20),
        report_bytes_max: 100_000,
        ..Limits::default()
    }
}

fn fetch(address: &str, limits: &Limits) -> Vec<Item> {
    Intake::new(limits.clone()).open(&Target::parse(address)).collect()
}

fn found(address: &str) -> Found {
    fetch(address, &limits()).remove(0).unwrap()
}

fn reason(address: &str, limits: &Limits) -> FailReason {
    fetch(address, limits).remove(0).unwrap_err().reason
}

#[test]
fn a_page_is_fetched_under_an_honest_name() {
    let address = server(|stream, request| {
        assert!(request.to_lowercase().contains("user-agent: headwater/"), "{request}");
        ok(stream, "text/html; charset=utf-8", PAGE)
    });
    let found = found(&format!("{address}/news/attack.html"));
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(found.url.as_deref(), Some("https://brisa.example/news/attack"));
}

#[test]
fn a_feed_is_known_by_its_content() {
    let address = server(|stream, _| ok(stream, "text/html", RSS));
    assert_eq!(fetch(&address, &limits()).len(), 2);
}

#[test]
fn a_redirect_is_followed_and_a_circle_is_not() {
    let address = server(|stream, request| match request {
        _ if request.starts_with("GET /end") => ok(stream, "text/html", PAGE),
        _ if request.starts_with("GET /once") => {
            write!(stream, "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n")
        }
        _ => write!(stream, "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n"),
    });
    assert_eq!(found(&format!("{address}/once")).title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(reason(&format!("{address}/round"), &limits()), FailReason::TooManyRedirects);
}

#[test]
fn addresses_of_the_own_network_are_refused_however_they_are_written() {
    let strict = Limits { allow_private_addresses: false, ..limits() };
    let address = server(|stream, _| ok(stream, "text/html", PAGE));
    let port = address.rsplit(':').next().unwrap();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0", "127.1"]
    {
        assert_eq!(reason(&format!("http://{host}:{port}/"), &strict), FailReason::RefusedAddress, "{host}");
    }
    assert_eq!(reason("http://10.0.0.1/", &strict), FailReason::RefusedAddress);
}

#[test]
fn only_the_web_is_fetched() {
    let address = server(|stream, _| {
        write!(stream, "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n")
    });
    let items = fetch(&address, &limits());
    assert!(items[0].is_err(), "{items:?}");
    assert_eq!(reason("http://", &limits()), FailReason::BadAddress);
}

#[test]
fn a_server_that_never_ends_is_left() {
    let short = Limits { http_time_max: Duration::from_millis(300), ..limits() };
    let silent = server(|_, _| {
        std::thread::sleep(Duration::from_secs(3));
        Ok(())
    });
    assert_eq!(reason(&silent, &short), FailReason::TimedOut);
    let trickling = server(|stream, _| {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")?;
        loop {
            stream.write_all(b"x")?;
            stream.flush()?;
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(reason(&trickling, &short), FailReason::TimedOut);
}

#[test]
fn a_body_larger_than_allowed_is_cut_and_refused() {
    let endless = server(|stream, _| {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    assert_eq!(reason(&endless, &limits()), FailReason::TooLarge { limit_bytes: 100_000 });
}

#[test]
fn a_body_shorter_than_promised_is_not_taken_for_whole() {
    let address = server(|stream, _| {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\nGunmen")
    });
    let items = fetch(&address, &limits());
    assert!(
        matches!(items[0].as_ref().unwrap_err().reason, FailReason::Truncated | FailReason::Unreachable),
        "{items:?}"
    );
}

#[test]
fn a_refusal_is_passed_on() {
    let address = server(|stream, _| write!(stream, "HTTP/1.1 451 Unavailable\r\nContent-Length: 0\r\n\r\n"));
    assert_eq!(reason(&address, &limits()), FailReason::HttpStatus(451));
    let garbage = server(|stream, _| stream.write_all(b"\x16\x03\x01 no http"));
    assert!(fetch(&garbage, &limits())[0].is_err());
}
