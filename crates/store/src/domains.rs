//! E-mail domains that organizations claim, and those that were shown to be theirs.

use crate::connection::Row;
use crate::store::Tx;
use crate::{Error, values};

/// A domain that an organization claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDomain {
    /// The domain, in lower case.
    pub domain: String,
    /// The organization's id.
    pub organization: String,
    /// When it was claimed.
    pub made_at: String,
    /// Until when the link works.
    pub expires_at: String,
    /// When the link was followed.
    pub verified_at: Option<String>,
}

const COLUMNS: &str = "\"domain\", \"organization\", \"made_at\", \"expires_at\", \"verified_at\"";

fn read(row: &Row) -> Result<StoredDomain, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredDomain {
        domain: text(0)?,
        organization: text(1)?,
        made_at: text(2)?,
        expires_at: text(3)?,
        verified_at: row.owned(4),
    })
}

impl Tx<'_> {
    /// Keeps a claim, with the SHA-256 of the secret in its link.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn add_domain(&mut self, claim: &StoredDomain, digest: &str) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"domains\" (\"number\", \"domain\", \"organization\", \
                   \"made_at\", \"expires_at\", \"digest\") values ($1, $2, $3, $4, $5, $6)";
        let StoredDomain { domain, organization, made_at, expires_at, .. } = claim;
        let values = values![number, domain, organization, made_at, expires_at, digest];
        self.execute(sql, values)?;
        Ok(())
    }

    /// The claim whose link has this digest.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn domain_by_digest(&mut self, digest: &str) -> Result<Option<StoredDomain>, Error> {
        let sql = format!("select {COLUMNS} from \"domains\" where \"digest\" = $1");
        self.query_one(&sql, values![digest])?.as_ref().map(read).transpose()
    }

    /// The claims of an organization, the first first.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn domains_of(&mut self, organization: &str) -> Result<Vec<StoredDomain>, Error> {
        let sql = format!(
            "select {COLUMNS} from \"domains\" where \"organization\" = $1 order by \"number\""
        );
        let rows = self.query(&sql, values![organization])?;
        rows.iter().map(read).collect()
    }

    /// The organization to which a domain was shown to belong.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn domain_holder(&mut self, domain: &str) -> Result<Option<String>, Error> {
        let sql = "select \"organization\" from \"domains\" where \"domain\" = $1 \
                   and \"verified_at\" is not null";
        let row = self.query_one(sql, values![domain])?;
        row.map(|row| row.text(0).map(str::to_owned)).transpose()
    }

    /// Notes that the link of a claim was followed.
    ///
    /// # Errors
    ///
    /// [`Error::Constraint`] where the domain is another's by now.
    pub fn verify_domain(&mut self, digest: &str, at: &str) -> Result<(), Error> {
        let sql = "update \"domains\" set \"verified_at\" = $2 where \"digest\" = $1";
        self.execute(sql, values![digest, at])?;
        Ok(())
    }
}
