use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use guard_reconcile::ports::ReadPreferences;

use super::*;
use crate::failure::chain;
use crate::ssm::Preferences;

fn region() -> Region {
    Region::parse("eu-central-1").unwrap()
}

fn environment(more: &[(&str, &str)]) -> Environment {
    let lambda = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
    ];
    lambda
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Answers one request on this machine; the thread's result is the request's head.
fn serve_once(body: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            let mut bytes = [0; 1024];
            let read = stream.read(&mut bytes).unwrap();
            assert_ne!(read, 0, "the request broke off");
            request.extend_from_slice(&bytes[..read]);
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).unwrap();
        String::from_utf8_lossy(&request).into_owned()
    });
    (url, server)
}

const DESCRIBED: &str = r#"{"Document": {"LatestVersion": "2", "DefaultVersion": "2", "Hash": "aa11",
    "DocumentType": "Session"}}"#;

#[tokio::test]
async fn a_function_reaches_a_test_account_on_this_machine_with_its_own_credentials() {
    let (url, server) = serve_once(DESCRIBED);
    let aws = Aws::in_function(&region(), &environment(&[("AWS_ENDPOINT_URL_SSM", &url)])).unwrap();
    let described = Preferences::new(&aws).describe().await.unwrap().unwrap();
    assert_eq!(described.latest.to_string(), "2");
    let request = server.join().unwrap();
    assert!(request.contains("Credential=AKIDEXAMPLE/"), "{request}");
    assert!(
        request.contains("/eu-central-1/ssm/aws4_request"),
        "{request}"
    );
    assert!(request.contains("x-amz-security-token: token"), "{request}");
}

#[tokio::test]
async fn an_operator_reaches_a_test_account_all_the_same() {
    let (url, server) = serve_once(DESCRIBED);
    let environment = environment(&[("AWS_ENDPOINT_URL", &url)]);
    let mut aws = Aws::for_operator(Some(&region()), &environment)
        .await
        .unwrap();
    // The chain reads the process's own environment, which a test leaves alone.
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    aws.sdk = aws
        .sdk
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    assert!(Preferences::new(&aws).describe().await.unwrap().is_some());
    assert!(server.join().unwrap().starts_with("POST / HTTP/1.1"));
}

#[tokio::test]
async fn nobody_starts_with_an_endpoint_elsewhere() {
    let environment = environment(&[("AWS_ENDPOINT_URL_SNS", "https://example.com")]);
    let expected = "`AWS_ENDPOINT_URL_SNS` sends calls to `https://example.com`, but only addresses of this \
                    machine may stand there";
    assert_eq!(
        Aws::in_function(&region(), &environment)
            .unwrap_err()
            .to_string(),
        expected
    );
    let error = Aws::for_operator(Some(&region()), &environment)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_function_without_credentials_does_not_start() {
    for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        let error = Aws::in_function(&region(), &environment(&[(variable, "")])).unwrap_err();
        assert_eq!(error.to_string(), format!("`{variable}` is not set"));
    }
}

#[test]
fn without_overrides_calls_go_to_the_region_by_the_sdks_own_rules() {
    let aws = Aws::in_function(&region(), &environment(&[])).unwrap();
    assert_eq!(
        (aws.region(), aws.endpoint("SSM")),
        (Some("eu-central-1"), None)
    );
}

#[tokio::test]
async fn nothing_leaves_the_machine_unencrypted() {
    let aws = Aws::in_function(&region(), &environment(&[])).unwrap();
    // An address for documentation: were the call made after all, it would end as a timeout.
    let config = aws_sdk_ssm::config::Builder::from(aws.sdk())
        .endpoint_url("http://192.0.2.1")
        .build();
    let call = aws_sdk_ssm::Client::from_conf(config)
        .describe_document()
        .name("SSM-SessionManagerRunShell");
    let error = call.send().await.unwrap_err();
    assert!(
        chain(&error).contains("a call to another machine must be encrypted"),
        "{}",
        chain(&error)
    );
}

#[tokio::test]
async fn a_server_without_a_certificate_of_a_known_authority_is_not_talked_to() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 3];
        stream.read_exact(&mut hello).unwrap();
        hello
    });
    let mut aws = Aws::in_function(&region(), &environment(&[("AWS_ENDPOINT_URL", &url)])).unwrap();
    aws.sdk = aws
        .sdk
        .into_builder()
        .retry_config(RetryConfig::disabled())
        .build();
    assert!(Preferences::new(&aws).describe().await.is_err());
    // A TLS handshake record, so the roots that are compiled in were read without complaint.
    assert_eq!(server.join().unwrap()[..2], [22, 3]);
}

#[tokio::test(start_paused = true)]
async fn warming_up_does_not_outlast_a_functions_initialisation() {
    // The backlog takes the connection, and nobody ever answers.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let aws = Aws::in_function(&region(), &environment(&[("AWS_ENDPOINT_URL", &url)])).unwrap();
    let start = tokio::time::Instant::now();
    Preferences::new(&aws).warm_up().await;
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn credentials_do_not_show_in_logs() {
    let environment = environment(&[]);
    let aws = Aws::in_function(&region(), &environment).unwrap();
    let text = format!("{environment:?} {aws:?}");
    assert!(
        text.contains("AWS_SECRET_ACCESS_KEY") && !text.contains("\"secret\""),
        "{text}"
    );
}
