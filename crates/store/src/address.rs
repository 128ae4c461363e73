//! Where a database is: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::Error;

/// The address of a database.
#[derive(Clone)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server, with user and database. Sockets are named by `?host=/folder`.
    Postgres(Box<postgres::Config>),
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// When it is neither `sqlite:PATH` nor an address that PostgreSQL's own tools would read.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Url { url: without_password(url), why: why.to_owned() };
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(wrong("it names no file"));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let config = postgres::Config::from_str(url).map_err(|error| {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                wrong(&source.unwrap_or_else(|| error.to_string()))
            })?;
            return Ok(Self::Postgres(Box::new(config)));
        }
        Err(wrong("it begins with neither `sqlite:` nor `postgres://`"))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(config) => {
                write!(f, "postgres://…/{}", config.get_dbname().unwrap_or(""))
            }
        }
    }
}

/// An address as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:…@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_or_a_server() {
        for (url, path) in [("sqlite:a/b.db", "a/b.db"), ("sqlite:///var/b.db", "/var/b.db")] {
            let Ok(Address::Sqlite(found)) = Address::parse(url) else { panic!("{url}") };
            assert_eq!(found, PathBuf::from(path));
        }
        let url = "postgres://ada@/net?host=/run/pg";
        let Ok(Address::Postgres(config)) = Address::parse(url) else { panic!("{url}") };
        assert_eq!(config.get_dbname(), Some("net"));
    }

    #[test]
    fn a_wrong_address_is_shown_without_its_password() {
        let error = Address::parse("mysql://ada:secret@host/net").unwrap_err().to_string();
        assert!(error.contains("mysql://ada:…@host/net") && !error.contains("secret"), "{error}");
    }
}
