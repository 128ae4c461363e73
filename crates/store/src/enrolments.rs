//! Enrolments of partners as they are kept, and the versions of the agreement.

use crate::connection::{Row, Value};
use crate::store::Tx;
use crate::{Error, values};

/// An enrolment as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredEnrolment {
    /// Its id.
    pub id: String,
    /// The company's legal name.
    pub company: String,
    /// The id that the partner is to have.
    pub partner: String,
    /// Where the applicant is reached.
    pub email: String,
    /// The path that was chosen.
    pub path: Option<String>,
    /// `applied`, `agreed`, `submitted`, `approved` or `declined`.
    pub state: String,
    /// The SHA-256 of the applicant's secret.
    pub digest: String,
    /// The network from which it came.
    pub network: String,
    /// The user who applied, if signed in.
    pub user: Option<String>,
    /// The version of the agreement that was accepted.
    pub agreement: Option<String>,
    /// When.
    pub agreed_at: Option<String>,
    /// When it was handed in.
    pub submitted_at: Option<String>,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub made_at: String,
}

const COLUMNS: &str = "\"id\", \"company\", \"partner\", \"email\", \"path\", \"state\", \
    \"digest\", \"network\", \"user\", \"agreement\", \"agreed_at\", \"submitted_at\", \
    \"decided_at\", \"decided_by\", \"reason\", \"version\", \"made_at\"";

fn read(row: &Row) -> Result<StoredEnrolment, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredEnrolment {
        id: text(0)?,
        company: text(1)?,
        partner: text(2)?,
        email: text(3)?,
        path: row.owned(4),
        state: text(5)?,
        digest: text(6)?,
        network: text(7)?,
        user: row.owned(8),
        agreement: row.owned(9),
        agreed_at: row.owned(10),
        submitted_at: row.owned(11),
        decided_at: row.owned(12),
        decided_by: row.owned(13),
        reason: row.owned(14),
        version: row.int(15)?,
        made_at: text(16)?,
    })
}

impl Tx<'_> {
    /// Keeps a new enrolment.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn add_enrolment(&mut self, one: &StoredEnrolment) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = format!(
            "insert into \"enrolments\" (\"number\", {COLUMNS}) values ($1, $2, $3, $4, $5, $6, \
             $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
        );
        let mut parameters: Vec<Value> = vec![number.into()];
        parameters.extend([&one.id, &one.company, &one.partner, &one.email].map(Value::from));
        parameters.push(one.path.clone().into());
        parameters.extend([&one.state, &one.digest, &one.network].map(Value::from));
        let rest = [
            &one.user,
            &one.agreement,
            &one.agreed_at,
            &one.submitted_at,
            &one.decided_at,
            &one.decided_by,
            &one.reason,
        ];
        parameters.extend(rest.map(|text| Value::from(text.clone())));
        parameters.extend([one.version.into(), Value::from(&one.made_at)]);
        self.execute(&sql, &parameters)?;
        Ok(())
    }

    /// Keeps what has become of an enrolment. Its version must still be the one that was read; it
    /// is counted up.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] where somebody else changed it.
    pub fn change_enrolment(&mut self, one: &StoredEnrolment) -> Result<(), Error> {
        let sql = "update \"enrolments\" set \"path\" = $3, \"state\" = $4, \"agreement\" = $5, \
                   \"agreed_at\" = $6, \"submitted_at\" = $7, \"decided_at\" = $8, \
                   \"decided_by\" = $9, \"reason\" = $10, \"version\" = \"version\" + 1 \
                   where \"id\" = $1 and \"version\" = $2";
        let mut parameters: Vec<Value> = vec![Value::from(&one.id), one.version.into()];
        parameters.extend([one.path.clone().into(), Value::from(&one.state)]);
        let rest = [
            &one.agreement,
            &one.agreed_at,
            &one.submitted_at,
            &one.decided_at,
            &one.decided_by,
            &one.reason,
        ];
        parameters.extend(rest.map(|text| Value::from(text.clone())));
        if self.execute(sql, &parameters)? == 1 {
            return Ok(());
        }
        self.is_busy = true;
        Err(Error::Busy)
    }

    /// The enrolment with an id.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn enrolment(&mut self, id: &str) -> Result<Option<StoredEnrolment>, Error> {
        let sql = format!("select {COLUMNS} from \"enrolments\" where \"id\" = $1");
        self.query_one(&sql, values![id])?.as_ref().map(read).transpose()
    }

    /// Enrolments in the order of their ids, behind one; of one state, if it is named.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn enrolments(
        &mut self,
        state: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<StoredEnrolment>, Error> {
        let mut parameters =
            values![after.unwrap_or(""), i64::try_from(limit).unwrap_or(i64::MAX)].to_vec();
        let mut sql = format!("select {COLUMNS} from \"enrolments\" where \"id\" > $1");
        if let Some(state) = state {
            sql += " and \"state\" = $3";
            parameters.push(state.into());
        }
        sql += " order by \"id\" limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(read).collect()
    }

    /// How many enrolments came from a network since a moment.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn enrolments_from(&mut self, network: &str, since: &str) -> Result<i64, Error> {
        let sql = "select count(*) from \"enrolments\" where \"network\" = $1 and \"made_at\" > $2";
        let row = self.query_one(sql, values![network, since])?;
        Ok(row.and_then(|row| row.maybe_int(0)).unwrap_or(0))
    }

    /// The agreement that is in force: its version and text.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn agreement(&mut self) -> Result<Option<(String, String)>, Error> {
        let sql = "select \"version\", \"text\" from \"agreements\" order by \"number\" desc \
                   limit 1";
        let row = self.query_one(sql, values![])?;
        row.map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).transpose()
    }

    /// Keeps a version of the agreement, which is in force from then on. False where there is one
    /// of this name already.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn add_agreement(
        &mut self,
        version: &str,
        text: &str,
        at: &str,
        by: &str,
    ) -> Result<bool, Error> {
        let held = "select 1 from \"agreements\" where \"version\" = $1";
        if self.query_one(held, values![version])?.is_some() {
            return Ok(false);
        }
        let number = self.numbers(1)?;
        let sql = "insert into \"agreements\" (\"number\", \"version\", \"text\", \"made_at\", \
                   \"made_by\") values ($1, $2, $3, $4, $5)";
        self.execute(sql, values![number, version, text, at, by])?;
        Ok(true)
    }
}
