//! Users as they are kept. Which role belongs where, and who may change what, is not known here.

use jiff::Timestamp;

use crate::connection::{Row, Value};
use crate::store::Tx;
use crate::{Error, moment, values};

/// A user as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUser {
    /// Its place in the order of users.
    pub number: i64,
    /// Its id.
    pub id: String,
    /// The e-mail address, as it was given.
    pub email: String,
    /// The name that people see.
    pub name: String,
    /// Side and id of the organization, if it is of one.
    pub organization: Option<(String, String)>,
    /// The words of its roles.
    pub roles: Vec<String>,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// Counts the changes.
    pub version: i64,
    /// When it was made, as text that sorts.
    pub created_at: String,
    /// When it was changed last.
    pub changed_at: String,
    /// The hash of the password, if it has one.
    pub password: Option<String>,
    /// What the authenticator app shares, if a second factor is enrolled.
    pub shared_secret: Option<String>,
    /// The step of the last code that was taken.
    pub last_step: Option<i64>,
    /// The SHA-256 of each recovery code that is left.
    pub recovery_codes: Vec<String>,
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// All; otherwise those to which any of the next four applies.
    pub all: bool,
    /// Those of this partner.
    pub partner: Option<String>,
    /// Those of this customer.
    pub customer: Option<String>,
    /// This one.
    pub user: Option<String>,
    /// Those of no partner and no customer.
    pub vendor_own: bool,
    /// Of these, only those in this state.
    pub state: Option<String>,
    /// Of these, only those of this organization.
    pub organization: Option<String>,
}

pub(crate) const COLUMNS: [&str; 15] = [
    "number",
    "id",
    "email",
    "name",
    "side",
    "organization",
    "roles",
    "state",
    "version",
    "created_at",
    "changed_at",
    "password",
    "shared_secret",
    "last_step",
    "recovery_codes",
];

/// The words of a text with blanks between them.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Reads a row of [`COLUMNS`] that begins at a column.
pub(crate) fn read(row: &Row, at: usize) -> Result<StoredUser, Error> {
    let text = |column: usize| row.text(at + column).map(str::to_owned);
    Ok(StoredUser {
        number: row.int(at)?,
        id: text(1)?,
        email: text(2)?,
        name: text(3)?,
        organization: row.owned(at + 4).zip(row.owned(at + 5)),
        roles: words(row.text(at + 6)?),
        state: text(7)?,
        version: row.int(at + 8)?,
        created_at: text(9)?,
        changed_at: text(10)?,
        password: row.owned(at + 11),
        shared_secret: row.owned(at + 12),
        last_step: row.maybe_int(at + 13),
        recovery_codes: words(row.text(at + 14)?),
    })
}

/// By what an address is found: capitals make no difference.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

impl Tx<'_> {
    fn user_where(&mut self, column: &str, value: &str) -> Result<Option<StoredUser>, Error> {
        let names = crate::connection::quoted(&COLUMNS);
        let sql = format!("select {names} from \"users\" where \"{column}\" = $1");
        let row = self.query_one(&sql, values![value])?;
        row.as_ref().map(|row| read(row, 0)).transpose()
    }

    /// The user with an id.
    pub fn user(&mut self, id: &str) -> Result<Option<StoredUser>, Error> {
        self.user_where("id", id)
    }

    /// The user with an e-mail address, whatever its capitals.
    pub fn user_by_email(&mut self, email: &str) -> Result<Option<StoredUser>, Error> {
        self.user_where("email_key", &email_key(email))
    }

    /// Keeps a new user. Its number and version are given here.
    ///
    /// # Errors
    ///
    /// [`Error::Constraint`] where the id or the address is taken.
    pub fn add_user(&mut self, user: &StoredUser) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let (side, organization) = user.organization.clone().unzip();
        let sql = "insert into \"users\" (\"number\", \"id\", \"email\", \"email_key\", \
                   \"name\", \"side\", \"organization\", \"roles\", \"state\", \"version\", \
                   \"created_at\", \"changed_at\", \"password\", \"shared_secret\", \
                   \"last_step\", \"recovery_codes\") \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, $14, $15)";
        let values = values![
            number,
            &user.id,
            &user.email,
            email_key(&user.email),
            &user.name,
            side,
            organization,
            user.roles.join(" "),
            &user.state,
            &user.created_at,
            &user.changed_at,
            user.password.clone(),
            user.shared_secret.clone(),
            user.last_step,
            user.recovery_codes.join(" "),
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Keeps what was changed of a user: all but number, id, address and days. The version counts
    /// up.
    ///
    /// # Errors
    ///
    /// [`Error::Constraint`] where it was changed by somebody else since it was read.
    pub fn change_user(&mut self, user: &StoredUser, now: Timestamp) -> Result<(), Error> {
        let (side, organization) = user.organization.clone().unzip();
        let sql = "update \"users\" set \"name\" = $3, \"side\" = $4, \"organization\" = $5, \
                   \"roles\" = $6, \"state\" = $7, \"version\" = \"version\" + 1, \
                   \"changed_at\" = $8, \"password\" = $9, \"shared_secret\" = $10, \
                   \"last_step\" = $11, \"recovery_codes\" = $12 \
                   where \"id\" = $1 and \"version\" = $2";
        let values = values![
            &user.id,
            user.version,
            &user.name,
            side,
            organization,
            user.roles.join(" "),
            &user.state,
            moment::to_text(now),
            user.password.clone(),
            user.shared_secret.clone(),
            user.last_step,
            user.recovery_codes.join(" "),
        ];
        if self.execute(sql, values)? != 1 {
            return Err(Error::Constraint("the user was changed meanwhile".to_owned()));
        }
        Ok(())
    }

    /// Notes the step of a code that was taken, if it is later than that of every code before.
    /// Returns whether it is.
    pub fn take_step(&mut self, user: &str, step: i64) -> Result<bool, Error> {
        let sql = "update \"users\" set \"last_step\" = $2 where \"id\" = $1 \
                   and (\"last_step\" is null or \"last_step\" < $2)";
        Ok(self.execute(sql, values![user, step])? == 1)
    }

    /// Users in the order in which they were made, behind a number.
    pub fn users(
        &mut self,
        filter: &UserFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredUser>, Error> {
        let names = crate::connection::quoted(&COLUMNS);
        let mut sql = format!("select {names} from \"users\" where \"number\" > $1");
        let mut given: Vec<Value> =
            values![after, i64::try_from(limit).unwrap_or(i64::MAX)].to_vec();
        let mut give = |value: &str| {
            given.push(value.into());
            given.len()
        };
        if !filter.all {
            let mut any = vec!["1 = 0".to_owned()];
            for (side, id) in [("partner", &filter.partner), ("customer", &filter.customer)] {
                if let Some(id) = id {
                    let at = give(id);
                    any.push(format!("(\"side\" = '{side}' and \"organization\" = ${at})"));
                }
            }
            if let Some(id) = &filter.user {
                any.push(format!("\"id\" = ${}", give(id)));
            }
            if filter.vendor_own {
                any.push("\"side\" is null or \"side\" = 'vendor'".to_owned());
            }
            sql = format!("{sql} and ({})", any.join(" or "));
        }
        for (column, value) in [("state", &filter.state), ("organization", &filter.organization)] {
            if let Some(value) = value {
                sql = format!("{sql} and \"{column}\" = ${}", give(value));
            }
        }
        sql += " order by \"number\" limit $2";
        let rows = self.query(&sql, &given)?;
        rows.iter().map(|row| read(row, 0)).collect()
    }

    /// Whether there is an organization of this side and id: the network, a partner, a customer.
    pub fn has_organization(&mut self, side: &str, id: &str) -> Result<bool, Error> {
        let sql = match side {
            "vendor" => "select 1 from \"network\" where \"network\" = $1",
            "partner" => "select 1 from \"current_partners\" where \"id\" = $1",
            _ => {
                "select 1 from \"current_organizations\" where \"id\" = $1 \
                 and \"side\" = 'customer'"
            }
        };
        Ok(self.query_one(sql, values![id])?.is_some())
    }
}
