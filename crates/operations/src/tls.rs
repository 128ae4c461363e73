//! Whose certificates are believed when Guildhall connects to somebody: mail servers and the
//! targets of webhooks.
//!
//! The system's, read once at start; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. Guildhall
//! itself speaks plain HTTP and leaves TLS to the proxy in front of it.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Certificates of the authorities that are believed.
#[derive(Clone, Debug)]
pub struct Roots(Arc<Vec<CertificateDer<'static>>>);

impl Roots {
    /// The system's. Those that cannot be read are left out; without any, every connection with
    /// TLS fails.
    pub fn system() -> Self {
        Self::readable(rustls_native_certs::load_native_certs().certs)
    }

    /// Those of a text in PEM, and no others.
    pub fn from_pem(text: &[u8]) -> Self {
        Self::readable(CertificateDer::pem_slice_iter(text).flatten().collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The certificates in DER.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(CertificateDer::as_ref)
    }

    fn readable(certificates: Vec<CertificateDer<'static>>) -> Self {
        let is_readable = |certificate: &CertificateDer<'static>| {
            RootCertStore::empty().add(certificate.clone()).is_ok()
        };
        Self(Arc::new(certificates.into_iter().filter(is_readable).collect()))
    }
}

/// The cryptography of all TLS connections.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_read_from_pem_and_what_is_none_is_left_out() {
        let text = include_bytes!("../../server/tests/fixtures/localhost.pem");
        assert_eq!(Roots::from_pem(text).count(), 1);
        assert_eq!(Roots::from_pem(b"").count(), 0);
        let none = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(Roots::from_pem(none).count(), 0);
    }
}
