//! Webhooks and the messages to them.
//!
//! A message is taken by one sender at a time: taking it moves the moment of its next attempt
//! behind the time that sending may last, so that another sender takes it if this one is gone.

use jiff::Timestamp;

use crate::connection::{Row, Value, quoted};
use crate::moment::to_text;
use crate::store::Tx;
use crate::{Error, values};

/// Where an organization wants to be told, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The side of its owner.
    pub side: String,
    /// The organization that owns it.
    pub organization: String,
    /// Where messages go.
    pub url: String,
    /// What the owner calls it.
    pub description: Option<String>,
    /// Patterns of types of events, with blanks between them.
    pub events: String,
    /// What messages are signed with.
    pub secret: String,
    /// What they were signed with before.
    pub old_secret: Option<String>,
    /// Until when they are signed with it as well, as text that sorts.
    pub old_secret_until: Option<String>,
    /// Why it is disabled, if it is: `owner`, `gone` or `failing`.
    pub disabled: Option<String>,
    /// Since when nothing has been delivered, as text that sorts.
    pub failing_since: Option<String>,
    /// How often it was changed, from 1.
    pub version: i64,
    /// When it was made, as text that sorts.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
}

const WEBHOOK: [&str; 15] = [
    "id",
    "side",
    "organization",
    "url",
    "description",
    "events",
    "secret",
    "old_secret",
    "old_secret_until",
    "state",
    "reason",
    "failing_since",
    "version",
    "created_at",
    "created_by",
];

impl Webhook {
    fn read(row: &Row) -> Result<Self, Error> {
        let text = |at: usize| row.text(at).map(str::to_owned);
        let is_disabled = row.text(9)? == "disabled";
        let disabled = is_disabled.then(|| row.owned(10).unwrap_or_default());
        Ok(Self {
            id: text(0)?,
            side: text(1)?,
            organization: text(2)?,
            url: text(3)?,
            description: row.owned(4),
            events: text(5)?,
            secret: text(6)?,
            old_secret: row.owned(7),
            old_secret_until: row.owned(8),
            disabled,
            failing_since: row.owned(11),
            version: row.int(12)?,
            created_at: text(13)?,
            created_by: text(14)?,
        })
    }

    fn values(&self) -> [Value; 15] {
        let state = if self.disabled.is_some() { "disabled" } else { "enabled" };
        [
            (&self.id).into(),
            (&self.side).into(),
            (&self.organization).into(),
            (&self.url).into(),
            self.description.clone().into(),
            (&self.events).into(),
            (&self.secret).into(),
            self.old_secret.clone().into(),
            self.old_secret_until.clone().into(),
            state.into(),
            self.disabled.clone().into(),
            self.failing_since.clone().into(),
            self.version.into(),
            (&self.created_at).into(),
            (&self.created_by).into(),
        ]
    }
}

/// A message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub number: i64,
    /// The webhook's id.
    pub webhook: String,
    /// The id of the event that it tells of.
    pub event: String,
    /// The event's type.
    pub kind: String,
    /// JSON, as it is signed and sent.
    pub payload: String,
    /// When it was made, as text that sorts.
    pub created_at: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// How often it was sent.
    pub attempts: i64,
    /// When it is sent next, as text that sorts, if it waits.
    pub next_attempt_at: String,
    /// When it was sent last, as text that sorts.
    pub last_at: Option<String>,
    /// The HTTP status of the last answer.
    pub status: Option<i64>,
    /// The beginning of the last answer.
    pub answer: Option<String>,
    /// Why there was no answer.
    pub error: Option<String>,
}

const DELIVERY: [&str; 13] = [
    "number",
    "webhook",
    "event",
    "type",
    "payload",
    "created_at",
    "state",
    "attempts",
    "next_attempt_at",
    "last_at",
    "status",
    "answer",
    "error",
];

impl Delivery {
    fn read(row: &Row) -> Result<Self, Error> {
        let text = |at: usize| row.text(at).map(str::to_owned);
        Ok(Self {
            number: row.int(0)?,
            webhook: text(1)?,
            event: text(2)?,
            kind: text(3)?,
            payload: text(4)?,
            created_at: text(5)?,
            state: text(6)?,
            attempts: row.int(7)?,
            next_attempt_at: text(8)?,
            last_at: row.owned(9),
            status: row.maybe_int(10),
            answer: row.owned(11),
            error: row.owned(12),
        })
    }
}

/// The message that is due first, to a webhook to which nobody is sending.
const DUE: &str = "select d.\"number\", d.\"webhook\" from \"deliveries\" d \
                   join \"webhooks\" w on w.\"id\" = d.\"webhook\" \
                   where d.\"state\" = 'waiting' and d.\"next_attempt_at\" <= $1 \
                   and w.\"state\" = 'enabled' \
                   and (w.\"sending_until\" is null or w.\"sending_until\" < $1) \
                   order by d.\"next_attempt_at\", d.\"number\" limit 1";

/// What came of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// `waiting`, `delivered` or `failed`.
    pub state: &'static str,
    /// When it is sent next.
    pub next_attempt_at: Timestamp,
    /// The HTTP status of the answer, if there was one.
    pub status: Option<i64>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// Why there was none.
    pub error: Option<String>,
}

impl Tx<'_> {
    /// Keeps a new webhook.
    pub fn add_webhook(&mut self, webhook: &Webhook) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let marks: Vec<String> = (1..=WEBHOOK.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "insert into \"webhooks\" ({}, \"number\") values ({}, ${})",
            quoted(&WEBHOOK),
            marks.join(", "),
            WEBHOOK.len() + 1
        );
        let mut values = webhook.values().to_vec();
        values.push(number.into());
        self.execute(&sql, &values)?;
        Ok(())
    }

    /// Keeps what a webhook has become.
    pub fn put_webhook(&mut self, webhook: &Webhook) -> Result<(), Error> {
        let sets: Vec<String> = WEBHOOK
            .iter()
            .zip(1..)
            .skip(1)
            .map(|(name, at): (_, i32)| format!("\"{name}\" = ${at}"))
            .collect();
        let sql = format!("update \"webhooks\" set {} where \"id\" = $1", sets.join(", "));
        self.execute(&sql, &webhook.values())?;
        Ok(())
    }

    /// Forgets a webhook and the messages to it.
    pub fn delete_webhook(&mut self, id: &str) -> Result<(), Error> {
        self.execute("delete from \"deliveries\" where \"webhook\" = $1", values![id])?;
        self.execute("delete from \"webhooks\" where \"id\" = $1", values![id])?;
        Ok(())
    }

    /// The webhook with an id.
    pub fn webhook(&mut self, id: &str) -> Result<Option<Webhook>, Error> {
        let sql = format!("select {} from \"webhooks\" where \"id\" = $1", quoted(&WEBHOOK));
        let row = self.query_one(&sql, values![id])?;
        row.as_ref().map(Webhook::read).transpose()
    }

    /// Webhooks of an owner (side and organization) or of all, in the order of their ids behind
    /// one.
    pub fn webhooks(
        &mut self,
        owner: Option<(&str, &str)>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Webhook>, Error> {
        let mut sql = format!("select {} from \"webhooks\" where \"id\" > $1", quoted(&WEBHOOK));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut parameters = values![after.unwrap_or_default(), limit].to_vec();
        if let Some((side, organization)) = owner {
            sql += " and \"side\" = $3 and \"organization\" = $4";
            parameters.extend([side.into(), organization.into()]);
        }
        sql += " order by \"id\" limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(Webhook::read).collect()
    }

    /// Webhooks that are enabled.
    pub fn enabled_webhooks(&mut self) -> Result<Vec<Webhook>, Error> {
        let names = quoted(&WEBHOOK);
        let sql = format!(
            "select {names} from \"webhooks\" where \"state\" = 'enabled' order by \"number\""
        );
        let rows = self.query(&sql, values![])?;
        rows.iter().map(Webhook::read).collect()
    }

    /// Keeps a message, to be sent now. Returns its number.
    pub fn add_delivery(
        &mut self,
        webhook: &str,
        event: &str,
        kind: &str,
        payload: &str,
        now: Timestamp,
    ) -> Result<i64, Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"deliveries\" (\"number\", \"webhook\", \"event\", \"type\", \
                   \"payload\", \"created_at\", \"state\", \"attempts\", \"next_attempt_at\") \
                   values ($1, $2, $3, $4, $5, $6, 'waiting', 0, $6)";
        self.execute(sql, values![number, webhook, event, kind, payload, to_text(now)])?;
        Ok(number)
    }

    /// A message by its number.
    pub fn delivery(&mut self, number: i64) -> Result<Option<Delivery>, Error> {
        let sql = format!("select {} from \"deliveries\" where \"number\" = $1", quoted(&DELIVERY));
        let row = self.query_one(&sql, values![number])?;
        row.as_ref().map(Delivery::read).transpose()
    }

    /// Messages to a webhook, the latest first, before a number.
    pub fn deliveries(
        &mut self,
        webhook: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        let sql = format!(
            "select {} from \"deliveries\" where \"webhook\" = $1 and \"number\" < $2 \
             order by \"number\" desc limit $3",
            quoted(&DELIVERY)
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(&sql, values![webhook, before.unwrap_or(i64::MAX), limit])?;
        rows.iter().map(Delivery::read).collect()
    }

    /// Lets a message be sent again from the beginning, now.
    pub fn redeliver(&mut self, number: i64, now: Timestamp) -> Result<(), Error> {
        let sql = "update \"deliveries\" set \"state\" = 'waiting', \"attempts\" = 0, \
                   \"next_attempt_at\" = $2 where \"number\" = $1";
        self.execute(sql, values![number, to_text(now)])?;
        Ok(())
    }

    /// Whether a message is due to a webhook to which nobody is sending.
    pub fn is_delivery_due(&mut self, now: Timestamp) -> Result<bool, Error> {
        Ok(self.query_one(DUE, values![to_text(now)])?.is_some())
    }

    /// Takes a message that is due, to a webhook to which nobody is sending; whoever sends has
    /// until `until`.
    pub fn take_delivery(
        &mut self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Delivery, Webhook)>, Error> {
        let (now, until) = (to_text(now), to_text(until));
        let Some(row) = self.query_one(DUE, values![&now])? else { return Ok(None) };
        let (number, webhook) = (row.int(0)?, row.text(1)?.to_owned());
        let sql = "update \"webhooks\" set \"sending_until\" = $2 where \"id\" = $1 \
                   and (\"sending_until\" is null or \"sending_until\" < $3)";
        if self.execute(sql, values![&webhook, &until, &now])? != 1 {
            return Ok(None);
        }
        let sql = "update \"deliveries\" set \"next_attempt_at\" = $2, \
                   \"attempts\" = \"attempts\" + 1, \"last_at\" = $3 where \"number\" = $1";
        self.execute(sql, values![number, &until, &now])?;
        let delivery = self.delivery(number)?;
        let webhook = self.webhook(&webhook)?;
        Ok(delivery.zip(webhook))
    }

    /// Keeps what came of sending a message, and lets the next be sent to its webhook.
    pub fn settle_delivery(&mut self, number: i64, outcome: &Outcome) -> Result<(), Error> {
        let sql = "update \"deliveries\" set \"state\" = $2, \"next_attempt_at\" = $3, \
                   \"status\" = $4, \"answer\" = $5, \"error\" = $6 where \"number\" = $1";
        let Outcome { state, next_attempt_at, status, answer, error } = outcome;
        let next = to_text(*next_attempt_at);
        let (answer, error) = (answer.clone(), error.clone());
        self.execute(sql, values![number, *state, next, *status, answer, error])?;
        let sql = "update \"webhooks\" set \"sending_until\" = null where \"id\" = \
                   (select \"webhook\" from \"deliveries\" where \"number\" = $1)";
        self.execute(sql, values![number])?;
        Ok(())
    }

    /// Gives up all messages that wait for a webhook.
    pub fn give_up_deliveries(&mut self, webhook: &str, why: &str) -> Result<u64, Error> {
        let sql = "update \"deliveries\" set \"state\" = 'failed', \"error\" = $2 \
                   where \"webhook\" = $1 and \"state\" = 'waiting'";
        self.execute(sql, values![webhook, why])
    }

    /// Forgets messages that are older than a moment and no longer wait.
    pub fn forget_deliveries(&mut self, before: Timestamp) -> Result<u64, Error> {
        let sql = "delete from \"deliveries\" where \"created_at\" < $1 and \"state\" <> 'waiting'";
        self.execute(sql, values![to_text(before)])
    }
}
