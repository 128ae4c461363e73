-- Tier reviews on their way, decisions that are frozen, disputes, worked examples of editions, and
-- notices that are owed to organizations.

create table "tier_reviews" (
    "number" bigint primary key,
    "partner" text not null,
    -- `review`, `grace_end` or `upgrade`.
    "kind" text not null,
    -- `proposed`, `confirmed`, `published`, or `replaced` by a later proposal.
    "state" text not null,
    "version" bigint not null,
    -- The day on which the review was due; none for an upgrade.
    "due_on" text,
    "known_at" text not null,
    -- What the engine proposes, with edition, scorecard and evidence, as JSON.
    "proposal" text not null,
    "proposed_at" text not null,
    "proposed_by" text not null,
    "outcome" text not null,
    "to_tier" text,
    "grace_until" text,
    "reason" text,
    "confirmed_at" text,
    "confirmed_by" text,
    "decision" bigint
);
create unique index "tier_reviews_open" on "tier_reviews" ("partner")
    where "state" in ('proposed', 'confirmed');
create index "tier_reviews_partner" on "tier_reviews" ("partner");

-- Never changed.
create table "decisions" (
    "number" bigint primary key,
    "kind" text not null,
    "partner" text not null,
    "subject" text not null,
    "published_at" text not null,
    "published_by" text not null,
    "supersedes" bigint,
    -- Canonical JSON.
    "body" text not null,
    "sha256" text not null
);
create index "decisions_partner" on "decisions" ("partner");

create table "disputes" (
    "number" bigint primary key,
    "partner" text not null,
    -- The fact, or its kind alone where it is missing.
    "kind" text not null,
    "fact" text,
    "missing" text,
    "claim" text not null,
    -- `open`, `upheld`, `rejected` or `withdrawn`.
    "state" text not null,
    "version" bigint not null,
    "opened_at" text not null,
    "opened_by" text not null,
    "due_on" text not null,
    "closed_at" text,
    "closed_by" text,
    "reason" text
);
create index "disputes_partner" on "disputes" ("partner");

create table "dispute_messages" (
    "number" bigint primary key,
    "dispute" bigint not null,
    "at" text not null,
    "by" text not null,
    "side" text not null,
    "text" text not null
);
create index "dispute_messages_dispute" on "dispute_messages" ("dispute");

create table "edition_examples" (
    "number" bigint primary key,
    "edition" text not null,
    "name" text not null,
    "text" text not null
);
create unique index "edition_examples_name" on "edition_examples" ("edition", "name");

create table "notices" (
    "number" bigint primary key,
    -- What it is about, so that it is owed once.
    "key" text not null,
    "side" text not null,
    -- None: the vendor.
    "organization" text,
    -- The letter, as JSON.
    "letter" text not null,
    "at" text not null,
    "delivered_at" text
);
create unique index "notices_key" on "notices" ("key");
