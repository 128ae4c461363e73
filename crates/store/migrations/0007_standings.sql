-- Standings of all partners as they were last computed: a cache, made of facts and editions alone,
-- which can be emptied at any time. Backups, exports and verifying pass it over.

create table "standings" (
    -- The version of the partner's row.
    "version" bigint primary key,
    "partner" text not null,
    "name" text not null,
    -- The name in small letters, by which it is found and sorted.
    "name_key" text not null,
    "path" text not null,
    "tier" text,
    -- Its place on the path, the lowest is 0; -1 for none, -2 where it is unknown.
    "tier_rank" bigint not null,
    "attained" text,
    "renewal_tier" text,
    "renewal_asked" bigint not null,
    "renewal_met" bigint not null,
    "upgrade_tier" text,
    "upgrade_asked" bigint not null,
    "upgrade_met" bigint not null,
    -- How many rows are in the way of the next tier; 1000000 where there is none.
    "upgrade_missing" bigint not null,
    -- The day of the next review; 9999-12-31 where none is due.
    "due_on" text not null,
    "outcome" text,
    "to_tier" text,
    "grace_until" text,
    "discount_percent" text,
    "lapses_on" text,
    "is_at_risk" bigint not null,
    "edition" text not null,
    "as_of" text not null,
    "computed_at" text not null,
    -- The place in the chain up to which the journal was heeded.
    "position" bigint not null
);
create unique index "standings_partner" on "standings" ("partner");
create index "standings_name" on "standings" ("name_key", "partner");
create index "standings_tier" on "standings" ("tier_rank", "partner");
create index "standings_due" on "standings" ("due_on", "partner");
create index "standings_missing" on "standings" ("upgrade_missing", "partner");
create index "standings_risk" on "standings" ("is_at_risk", "due_on", "partner");
create index "standings_counts" on "standings" ("path", "tier_rank", "tier", "is_at_risk");

-- What is only shown, as JSON: rows in the way and what lapses.
create table "standing_details" (
    "version" bigint primary key,
    "details" text not null
);

-- How many partners held which tier on a day.
create table "tier_counts" (
    "number" bigint primary key,
    "day" text not null,
    "path" text not null,
    -- Empty for those without a tier, `?` for those of whom it is not known.
    "tier" text not null,
    "partners" bigint not null,
    -- None where the day was over when it was counted: then it is counted from the history.
    "at_risk" bigint
);
create unique index "tier_counts_day" on "tier_counts" ("day", "path", "tier");

-- One row: how far the standings are, and who computes them.
create table "standings_state" (
    "id" bigint primary key,
    "position" bigint not null,
    -- Of the last pass over all partners: the day, its edition, the digest of the editions.
    "as_of" text,
    "edition" text,
    "book" text,
    "updated_at" text,
    -- Of the pass that is under way: the same, the past days that it counts, and the partner up to
    -- which it has come.
    "pass_as_of" text,
    "pass_edition" text,
    "pass_book" text,
    "pass_days" text,
    "pass_after" text,
    "holder" text,
    "held_until" text
);
