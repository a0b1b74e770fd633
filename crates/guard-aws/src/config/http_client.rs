//! The connection itself: TLS by rustls with ring, roots compiled in, no proxy.

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use super::ConfigError;
use super::endpoints::is_on_this_machine;

/// Connections that are encrypted as soon as they leave the machine.
pub(super) fn http_client() -> Result<SharedHttpClient, ConfigError> {
    Ok(SharedHttpClient::new(Encrypted {
        inner: any_scheme()?,
    }))
}

/// Connections as the address asks for.
pub(super) fn any_scheme() -> Result<SharedHttpClient, ConfigError> {
    let roots = TrustStore::empty().with_pem_certificate(root_certificates());
    let context = TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .map_err(|error| ConfigError::Tls {
            source: Box::new(error),
        })?;
    Ok(aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https())
}

/// Mozilla's roots, in the only form that the client takes.
fn root_certificates() -> String {
    TLS_SERVER_ROOT_CERTS
        .iter()
        .fold(String::new(), |pem, certificate| {
            pem + "-----BEGIN CERTIFICATE-----\n"
                + &STANDARD.encode(certificate)
                + "\n-----END CERTIFICATE-----\n"
        })
}

/// A client that refuses plain HTTP to other machines.
///
/// It leaves out the inner client's own validation on purpose: that would parse all the roots once more for every
/// service, during a cold start.
#[derive(Debug)]
struct Encrypted {
    inner: SharedHttpClient,
}

impl HttpClient for Encrypted {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(EncryptedConnector { inner })
    }
}

#[derive(Debug)]
struct EncryptedConnector {
    inner: SharedHttpConnector,
}

impl HttpConnector for EncryptedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_safe = request
            .uri()
            .parse()
            .is_ok_and(|uri: Uri| uri.scheme_str() == Some("https") || is_on_this_machine(&uri));
        if is_safe {
            self.inner.call(request)
        } else {
            HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(PlainHttp))))
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a call to another machine must be encrypted")]
struct PlainHttp;
