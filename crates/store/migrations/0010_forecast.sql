-- What is foreseen: what turns for partners, a cache beside the standings; calendars that programs
-- subscribe to; and who is mailed a digest how often.

-- What turns for partners in the year ahead, as it was last computed with their standings. It is
-- made of facts and editions alone and can be emptied at any time. Backups pass it over.
create table "turns" (
    "partner" text not null,
    -- Its place among those of the partner.
    "place" bigint not null,
    "on" text not null,
    -- `review`, `tier`, `attained`, `renewal`, `upgrade` or `discount`.
    "what" text not null,
    -- `falls`, `rises` or `same`.
    "direction" text not null,
    "before" text,
    "after" text,
    -- The partner's path and tier today; the tier is empty for none, `?` where it is unknown.
    "path" text not null,
    "tier" text not null,
    -- What is only shown, as JSON.
    "details" text not null,
    primary key ("partner", "place")
);
create index "turns_day" on "turns" ("on", "partner", "place", "what", "direction", "path", "tier");
create index "turns_sort" on "turns" ("on", "what", "direction", "partner", "place");

-- How many of them there are of which sort on a day; kept up with them.
create table "turn_counts" (
    "on" text not null,
    "what" text not null,
    "direction" text not null,
    "path" text not null,
    "tier" text not null,
    "turns" bigint not null,
    primary key ("on", "what", "direction", "path", "tier")
);

-- Calendars by URL, each found by the digest of the secret in it.
create table "feeds" (
    "number" bigint primary key,
    "id" text not null unique,
    "digest" text not null unique,
    "user" text not null,
    -- Whose calendar it is; empty: of all partners that the user sees.
    "partner" text not null,
    "created_at" text not null,
    "used_at" text
);
create unique index "feeds_of" on "feeds" ("user", "partner");

-- Who is mailed what lapses, and for which period they were last.
create table "digests" (
    "user" text not null primary key,
    -- `off`, `weekly` or `monthly`; none: as the server is configured.
    "every" text,
    "told_for" text
);

-- Links by which a digest is ended, each found by the digest of the secret in it.
create table "digest_links" (
    "digest" text not null primary key,
    "user" text not null,
    "made_at" text not null
);
create index "digest_links_made" on "digest_links" ("made_at");
