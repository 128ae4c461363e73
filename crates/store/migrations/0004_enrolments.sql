-- The ways of partners into the network, and the agreements that they accept.
create table "enrolments" (
    "number" bigint primary key,
    "id" text not null unique,
    "company" text not null,
    "partner" text not null,
    "email" text not null,
    "path" text,
    -- `applied`, `agreed`, `submitted`, `approved` or `declined`.
    "state" text not null,
    -- SHA-256 of the applicant's secret.
    "digest" text not null,
    -- The network from which it came.
    "network" text not null,
    -- The user who applied, if signed in.
    "user" text,
    "agreement" text,
    "agreed_at" text,
    "submitted_at" text,
    "decided_at" text,
    "decided_by" text,
    "reason" text,
    "version" bigint not null,
    "made_at" text not null
);
create index "enrolments_network" on "enrolments" ("network", "made_at");
create index "enrolments_partner" on "enrolments" ("partner");

create table "agreements" (
    "number" bigint primary key,
    "version" text not null unique,
    "text" text not null,
    "made_at" text not null,
    "made_by" text not null
);

-- E-mail domains that organizations claim.
create table "domains" (
    "number" bigint primary key,
    "domain" text not null,
    "organization" text not null,
    "made_at" text not null,
    "expires_at" text not null,
    -- SHA-256 of the secret in the link that was mailed.
    "digest" text not null unique,
    "verified_at" text
);
create index "domains_organization" on "domains" ("organization");
create unique index "domains_verified" on "domains" ("domain") where "verified_at" is not null;
