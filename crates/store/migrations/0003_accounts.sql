-- Who signs in, and by what. Secrets that a person or program holds stand here as SHA-256 only;
-- what an authenticator app shares cannot be.
create table "users" (
    "number" bigint primary key,
    "id" text not null unique,
    "email" text not null,
    -- The address in lower case: it is unique whatever the capitals.
    "email_key" text not null unique,
    "name" text not null,
    -- `vendor`, `partner` or `customer`; none: of no organization yet.
    "side" text,
    "organization" text,
    -- Words with blanks between them.
    "roles" text not null,
    -- `invited`, `active` or `disabled`.
    "state" text not null,
    "version" bigint not null,
    "created_at" text not null,
    "changed_at" text not null,
    -- A PHC string.
    "password" text,
    -- What the authenticator app shares, in Base32, and the step of the last code taken.
    "shared_secret" text,
    "last_step" bigint,
    -- SHA-256 of the recovery codes that are left, with blanks between them.
    "recovery_codes" text not null
);
create index "users_organization" on "users" ("side", "organization");

create table "sessions" (
    "number" bigint primary key,
    "id" text not null unique,
    "digest" text not null unique,
    "user" text not null,
    "address" text,
    "agent" text,
    "created_at" text not null,
    "seen_at" text not null,
    -- When the second factor was proved last.
    "proved_at" text,
    -- What the app will share once its first code was right.
    "enrolling" text
);
create index "sessions_user" on "sessions" ("user");

create table "tokens" (
    "number" bigint primary key,
    "id" text not null unique,
    "digest" text not null unique,
    "user" text not null,
    "name" text not null,
    -- Words with blanks between them.
    "scopes" text not null,
    "created_at" text not null,
    "expires_at" text,
    "used_at" text
);
create index "tokens_user" on "tokens" ("user");

-- Links that were mailed and work once.
create table "links" (
    "number" bigint primary key,
    "digest" text not null unique,
    "purpose" text not null,
    "user" text not null,
    "made_at" text not null,
    "expires_at" text not null,
    "used_at" text
);
create index "links_user" on "links" ("user");

-- What was tried: at an address (its SHA-256, known or not), and from a network.
create table "attempts" (
    "number" bigint primary key,
    "key" text not null unique,
    -- JSON.
    "state" text not null,
    "at" text not null
);
create index "attempts_at" on "attempts" ("at");

-- Letters that wait to be sent, and those that were.
create table "letters" (
    "number" bigint primary key,
    "at" text not null,
    "recipient" text not null,
    -- What it says, as JSON; emptied once it was sent, as links are secrets.
    "letter" text not null,
    "attempts" bigint not null,
    "next_attempt_at" text not null,
    -- `waiting`, `sent` or `failed`.
    "state" text not null
);
create index "letters_waiting" on "letters" ("state", "next_attempt_at");
