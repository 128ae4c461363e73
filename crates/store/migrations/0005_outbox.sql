-- Whom what happened is told, what waits to be told, and which jobs were done.

-- Where an organization wants to be told, and of what.
create table "webhooks" (
    "number" bigint primary key,
    "id" text not null unique,
    "side" text not null,
    "organization" text not null,
    "url" text not null,
    "description" text,
    -- Patterns of types of events, with blanks between them.
    "events" text not null,
    -- What messages are signed with; it is needed as it is. The one before is used beside it for
    -- a while.
    "secret" text not null,
    "old_secret" text,
    "old_secret_until" text,
    -- `enabled` or `disabled`, and then why: `owner`, `gone` or `failing`.
    "state" text not null,
    "reason" text,
    -- Since when nothing has been delivered.
    "failing_since" text,
    -- One message at a time: until when somebody may be sending one.
    "sending_until" text,
    "version" bigint not null,
    "created_at" text not null,
    "created_by" text not null
);
create index "webhooks_state" on "webhooks" ("state");
create index "webhooks_owner" on "webhooks" ("side", "organization");

-- Rows of the journal that have not been turned into messages yet.
create table "outbox" (
    "entry" bigint primary key
);

-- Messages to webhooks: waiting, delivered or failed.
create table "deliveries" (
    "number" bigint primary key,
    "webhook" text not null,
    "event" text not null,
    "type" text not null,
    -- JSON, as it is signed and sent.
    "payload" text not null,
    "created_at" text not null,
    "state" text not null,
    "attempts" bigint not null,
    -- While it is being sent: when somebody else may take it.
    "next_attempt_at" text not null,
    "last_at" text,
    "status" bigint,
    "answer" text,
    "error" text
);
create index "deliveries_due" on "deliveries" ("state", "next_attempt_at");
create index "deliveries_webhook" on "deliveries" ("webhook", "number");
create index "deliveries_created" on "deliveries" ("created_at");

-- What is done once a day, by whichever server is first.
create table "jobs" (
    "number" bigint primary key,
    "name" text not null unique,
    "done_on" text,
    "claimed_until" text
);
