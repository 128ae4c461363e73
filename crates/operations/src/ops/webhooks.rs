//! Webhooks: who wants to be told what, and what became of the messages.

use guildhall_access::{Action, Resource, ResourceKind, Side, Visible};
use guildhall_store::{Delivery, Tx, Webhook, moment_text, plain_moment};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use crate::http::Page;
use crate::ops::rows::{same_version, tag};
use crate::webhooks::Target;
use crate::webhooks::event::{TEST, is_pattern};
use crate::webhooks::outbox::message_id;
use crate::webhooks::signature::SigningSecret;
use crate::{App, Caller, Error, secrets};

/// Most patterns of one webhook.
const MOST_PATTERNS: usize = 50;
/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 200;
/// Most webhooks of one organization.
const MOST_WEBHOOKS: usize = 20;
/// For how long the secret before is used beside a new one.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A webhook: where an organization wants to be told, and of what.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// Where messages go.
    pub url: String,
    /// What the owner calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Types of events: `*`, `fact.*`, `fact.added`.
    pub events: Vec<String>,
    /// Whether messages are sent.
    pub enabled: bool,
    /// Why not: `owner` (switched off), `gone` (the receiver answered 410), `failing` (nothing
    /// was taken for five days).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_because: Option<String>,
    /// Since when nothing has been delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<String>,
    /// The version; the entity tag is `"v1"`.
    pub version: i64,
    /// When it was made.
    pub created_at: String,
}

impl From<Webhook> for WebhookView {
    fn from(held: Webhook) -> Self {
        Self {
            id: held.id,
            url: held.url,
            description: held.description,
            events: held.events.split(' ').map(str::to_owned).collect(),
            enabled: held.disabled.is_none(),
            disabled_because: held.disabled,
            failing_since: held.failing_since.as_deref().map(plain_moment),
            version: held.version,
            created_at: plain_moment(&held.created_at),
        }
    }
}

impl WebhookView {
    /// Its entity tag.
    pub fn tag(&self) -> String {
        tag(self.version)
    }
}

/// A webhook with the secret that its messages are signed with, which is shown once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The webhook.
    pub webhook: WebhookView,
    /// The signing secret of the Standard Webhooks scheme, `whsec_…`.
    pub secret: String,
}

/// A message to a webhook, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    /// Its id: the header `webhook-id`.
    pub id: String,
    /// The event's id.
    pub event: String,
    /// The event's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// How often it was sent.
    pub attempts: i64,
    /// When it was made.
    pub created_at: String,
    /// When it was sent last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<String>,
    /// When it is sent next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// The HTTP status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// The beginning of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What is sent.
    pub payload: Json,
}

impl From<Delivery> for DeliveryView {
    fn from(held: Delivery) -> Self {
        let is_waiting = held.state == "waiting";
        Self {
            id: message_id(held.number),
            event: held.event,
            kind: held.kind,
            attempts: held.attempts,
            created_at: plain_moment(&held.created_at),
            last_at: held.last_at.as_deref().map(plain_moment),
            next_attempt_at: is_waiting.then(|| plain_moment(&held.next_attempt_at)),
            status: held.status,
            answer: held.answer,
            error: held.error,
            payload: serde_json::from_str(&held.payload).unwrap_or_default(),
            state: held.state,
        }
    }
}

/// A webhook to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where messages go: `https://` and a public address.
    #[schema(max_length = 2048)]
    pub url: String,
    /// What to call it.
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// Types of events: `*`, `fact.*`, `fact.added`.
    #[schema(min_items = 1, max_items = 50)]
    pub events: Vec<String>,
}

/// What to change of a webhook; what is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where messages go.
    #[schema(max_length = 2048)]
    pub url: Option<String>,
    /// What to call it.
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// Types of events.
    #[schema(min_items = 1, max_items = 50)]
    pub events: Option<Vec<String>>,
    /// Whether messages are sent.
    pub enabled: Option<bool>,
}

/// Makes a webhook of the caller's organization.
///
/// # Errors
///
/// When the caller may not, the input is wrong, or there are too many.
pub fn create(app: &App, caller: &Caller, new: &NewWebhook) -> Result<WebhookWithSecret, Error> {
    let Some((side, organization)) = caller.actor.organization.clone() else {
        return Err(caller.sign_in_first());
    };
    let id = format!("wh_{}", data_encoding::HEXLOWER.encode(&secrets::random::<8>()?));
    app.allow(caller, Action::ManageWebhook, &resource(&id, side.word(), &organization))?;
    let secret = SigningSecret::generate()?.shown();
    let webhook = Webhook {
        id,
        side: side.word().to_owned(),
        organization: organization.clone(),
        url: read_url(app, &new.url)?,
        description: read_description(new.description.as_deref())?,
        events: read_events(&new.events)?,
        secret: secret.clone(),
        old_secret: None,
        old_secret_until: None,
        disabled: None,
        failing_since: None,
        version: 1,
        created_at: moment_text(app.clock.now()),
        created_by: caller.name().to_owned(),
    };
    app.change(caller, |tx| {
        let owner = Some((side.word(), organization.as_str()));
        if tx.webhooks(owner, None, MOST_WEBHOOKS)?.len() >= MOST_WEBHOOKS {
            let message = format!("an organization has at most {MOST_WEBHOOKS} webhooks");
            return Err(Error::conflict("too-many-webhooks", message));
        }
        tx.add_webhook(&webhook)?;
        tx.commit(app.entry(caller, "create_webhook", &webhook.id))?;
        let webhook = webhook.clone().into();
        Ok(WebhookWithSecret { webhook, secret: secret.clone() })
    })
}

/// The webhooks of the caller's organization.
///
/// # Errors
///
/// When nobody is signed in.
pub fn list(
    app: &App,
    caller: &Caller,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<WebhookView>, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    let owner = match app.access.visible(&caller.actor, ResourceKind::Webhook) {
        Visible::All => None,
        Visible::Published | Visible::Nothing => return Ok(Page { items: Vec::new(), next: None }),
        Visible::Of { .. } => caller.actor.organization.clone(),
    };
    let owner = owner.as_ref().map(|(side, id)| (side.word(), id.as_str()));
    let found = app.store.read(|tx| tx.webhooks(owner, after, limit + 1))?;
    let views: Vec<WebhookView> = found.into_iter().map(WebhookView::from).collect();
    Ok(Page::of(views, limit, |view| view.id.clone()))
}

/// One webhook.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, id: &str) -> Result<WebhookView, Error> {
    app.store.read(|tx| Ok(held(app, tx, caller, Action::ViewWebhook, id)?.into()))
}

/// Changes a webhook.
///
/// # Errors
///
/// When the caller may not, the input is wrong, or somebody else changed it.
pub fn change(
    app: &App,
    caller: &Caller,
    id: &str,
    if_match: Option<&str>,
    change: &WebhookChange,
) -> Result<WebhookView, Error> {
    app.change(caller, |tx| {
        let mut held = held(app, tx, caller, Action::ManageWebhook, id)?;
        same_version(if_match, held.version)?;
        if let Some(url) = &change.url {
            held.url = read_url(app, url)?;
        }
        if change.description.is_some() {
            held.description = read_description(change.description.as_deref())?;
        }
        if let Some(events) = &change.events {
            held.events = read_events(events)?;
        }
        match change.enabled {
            Some(true) => (held.disabled, held.failing_since) = (None, None),
            Some(false) if held.disabled.is_none() => {
                held.disabled = Some("owner".to_owned());
                tx.give_up_deliveries(id, "the webhook was disabled")?;
            }
            _ => {}
        }
        held.version += 1;
        tx.put_webhook(&held)?;
        tx.commit(app.entry(caller, "change_webhook", id))?;
        Ok(held.into())
    })
}

/// Deletes a webhook and its messages.
///
/// # Errors
///
/// When the caller may not, or somebody else changed it.
pub fn delete(app: &App, caller: &Caller, id: &str, if_match: Option<&str>) -> Result<(), Error> {
    app.change(caller, |tx| {
        let held = held(app, tx, caller, Action::ManageWebhook, id)?;
        same_version(if_match, held.version)?;
        tx.delete_webhook(id)?;
        tx.commit(app.entry(caller, "delete_webhook", id))?;
        Ok(())
    })
}

/// Gives a webhook a new secret. Messages are signed with the one before as well for a day.
///
/// # Errors
///
/// When the caller may not.
pub fn rotate_secret(app: &App, caller: &Caller, id: &str) -> Result<WebhookWithSecret, Error> {
    let secret = SigningSecret::generate()?.shown();
    let until = app.clock.now().checked_add(OVERLAP).map_err(Error::internal)?;
    app.change(caller, |tx| {
        let mut held = held(app, tx, caller, Action::ManageWebhook, id)?;
        held.old_secret = Some(std::mem::replace(&mut held.secret, secret.clone()));
        held.old_secret_until = Some(moment_text(until));
        held.version += 1;
        tx.put_webhook(&held)?;
        tx.commit(app.entry(caller, "rotate_webhook_secret", id))?;
        Ok(WebhookWithSecret { webhook: held.into(), secret: secret.clone() })
    })
}

/// Sends a message that only tries whether messages arrive.
///
/// # Errors
///
/// When the caller may not, or the webhook is disabled.
pub fn test(app: &App, caller: &Caller, id: &str) -> Result<DeliveryView, Error> {
    let now = app.clock.now();
    app.change(caller, |tx| {
        check_enabled(&held(app, tx, caller, Action::ManageWebhook, id)?)?;
        let entry = tx.commit(app.entry(caller, "test_webhook", id))?.entry;
        let event = format!("evt_{entry}");
        let payload = json!({
            "type": TEST, "id": event, "at": now.to_string(), "subject": id, "kind": "webhook",
            "facts": [], "fact_count": 0, "entry": entry,
        });
        let number = tx.add_delivery(id, &event, TEST, &payload.to_string(), now)?;
        read_delivery(tx, id, &message_id(number))
    })
}

/// Messages to a webhook, the latest first, behind one.
///
/// # Errors
///
/// When there is no webhook that the caller may see, or the cursor is none.
pub fn deliveries(
    app: &App,
    caller: &Caller,
    id: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<DeliveryView>, Error> {
    let before = after.map(|after| {
        number_of(after).ok_or_else(|| {
            Error::field("cursor", "bad-value", "it is no cursor that was given out")
        })
    });
    let before = before.transpose()?;
    app.store.read(|tx| {
        held(app, tx, caller, Action::ViewWebhook, id)?;
        let found = tx.deliveries(id, before, limit + 1)?;
        let views: Vec<DeliveryView> = found.into_iter().map(DeliveryView::from).collect();
        Ok(Page::of(views, limit, |view| view.id.clone()))
    })
}

/// Sends a message once more, from the beginning of its attempts.
///
/// # Errors
///
/// When the caller may not, there is no such message, or the webhook is disabled.
pub fn redeliver(
    app: &App,
    caller: &Caller,
    id: &str,
    message: &str,
) -> Result<DeliveryView, Error> {
    let now = app.clock.now();
    app.change(caller, |tx| {
        let held = held(app, tx, caller, Action::ManageWebhook, id)?;
        let delivery = find_delivery(tx, id, message)?;
        check_enabled(&held)?;
        tx.redeliver(delivery.number, now)?;
        let mut entry = app.entry(caller, "redeliver_message", id);
        entry.detail("message", message.into());
        tx.commit(entry)?;
        read_delivery(tx, id, message)
    })
}

fn number_of(message: &str) -> Option<i64> {
    let digits = message.strip_prefix("msg_")?;
    digits.parse().ok().filter(|number: &i64| message_id(*number) == message)
}

fn find_delivery(tx: &mut Tx<'_>, webhook: &str, message: &str) -> Result<Delivery, Error> {
    let found = match number_of(message) {
        Some(number) => tx.delivery(number)?,
        None => None,
    };
    let found = found.filter(|delivery| delivery.webhook == webhook);
    found.ok_or_else(|| Error::not_found("message", message))
}

fn read_delivery(tx: &mut Tx<'_>, webhook: &str, message: &str) -> Result<DeliveryView, Error> {
    find_delivery(tx, webhook, message).map(DeliveryView::from)
}

fn check_enabled(held: &Webhook) -> Result<(), Error> {
    match &held.disabled {
        None => Ok(()),
        Some(_) => Err(Error::conflict("webhook-disabled", "the webhook is disabled")),
    }
}

/// The webhook with an id, if the caller may do this to it.
fn held(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    action: Action,
    id: &str,
) -> Result<Webhook, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    let kind = ResourceKind::Webhook.word();
    // No id holds anything else, and PostgreSQL takes no NUL.
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let found = if is_id { tx.webhook(id)? } else { None };
    let found = found.ok_or_else(|| Error::not_found(kind, id))?;
    app.allow(caller, action, &resource(id, &found.side, &found.organization))?;
    Ok(found)
}

fn resource(id: &str, side: &str, organization: &str) -> Resource {
    let resource = Resource::new(ResourceKind::Webhook, id);
    if side == Side::Partner.word() {
        resource.of_partner(organization)
    } else if side == Side::Customer.word() {
        resource.of_customer(organization)
    } else {
        resource
    }
}

fn read_url(app: &App, url: &str) -> Result<String, Error> {
    match Target::parse(url, app.allow_private_webhooks) {
        Ok(_) => Ok(url.to_owned()),
        Err(refused) => Err(Error::field("url", "bad-target", refused.to_string())),
    }
}

fn read_description(text: Option<&str>) -> Result<Option<String>, Error> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > LONGEST_DESCRIPTION || text.chars().any(char::is_control) {
        let message =
            format!("it is longer than {LONGEST_DESCRIPTION} characters, or not one line");
        return Err(Error::field("description", "bad-value", message));
    }
    Ok(Some(text.to_owned()))
}

fn read_events(events: &[String]) -> Result<String, Error> {
    if events.is_empty() || events.len() > MOST_PATTERNS {
        let message = format!("there are 1 to {MOST_PATTERNS} patterns");
        return Err(Error::field("events", "bad-value", message));
    }
    if let Some(bad) = events.iter().find(|event| event.len() > 100 || !is_pattern(event)) {
        let shown: String = bad.chars().take(100).collect();
        let message = format!("`{shown}` is no pattern of types of events");
        let hint = "write `*`, `fact.*` or `fact.added`";
        return Err(Error::field_with_hint("events", "bad-value", message, hint));
    }
    Ok(events.join(" "))
}
