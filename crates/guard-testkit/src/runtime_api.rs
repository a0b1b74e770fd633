//! As much of the Lambda Runtime API as a program needs to believe that it is a function
//! (Lambda Developer Guide, "Using the Lambda runtime API").

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "it is a part of tests, which fail by panicking"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// What the program told the Runtime API: the path and the body.
pub type Told = (String, String);

/// Serves `events`, one invocation each, on loopback to a function of that name; what the program says of each comes out
/// of the receiver.
pub fn serve(function: &'static str, events: Vec<Vec<u8>>) -> (SocketAddr, Receiver<Told>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut events = events.into_iter().enumerate();
        for stream in listener.incoming() {
            if converse(function, &stream.unwrap(), &mut events, &tell).is_none() {
                return;
            }
        }
    });
    (address, told)
}

/// Answers the requests of one connection; `None` when no event is left to hand out.
fn converse(
    function: &str,
    stream: &TcpStream,
    events: &mut impl Iterator<Item = (usize, Vec<u8>)>,
    tell: &Sender<Told>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    while let Some((path, body)) = request(&mut reader) {
        if path.ends_with("/invocation/next") {
            let (number, event) = events.next()?;
            answer(stream, &invocation(function, number, event.len()), &event);
        } else {
            tell.send((path, body)).unwrap();
            answer(
                stream,
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n",
                b"",
            );
        }
    }
    Some(())
}

fn invocation(function: &str, number: usize, length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n\
         lambda-runtime-aws-request-id: request-{number}\r\n\
         lambda-runtime-deadline-ms: 4102444800000\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:123456789012:function:{function}\r\n\
         content-length: {length}\r\n\r\n"
    )
}

fn answer(mut stream: &TcpStream, head: &str, body: &[u8]) {
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
}

/// The path and the body of the next request; `None` at the connection's end.
fn request(reader: &mut impl BufRead) -> Option<Told> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|length| *length > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut is_chunked) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        is_chunked |= header == "transfer-encoding: chunked";
    }
    let body = if is_chunked {
        chunks(reader)?
    } else {
        exactly(reader, length)?
    };
    Some((path, String::from_utf8_lossy(&body).into_owned()))
}

fn chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        body.extend(exactly(reader, size)?);
        exactly(reader, 2)?;
        if size == 0 {
            return Some(body);
        }
    }
}

fn exactly(reader: &mut impl Read, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
