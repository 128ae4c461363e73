-- The memory of a network: facts with two times, and the journal of what was done.
--
-- Text and bigint only. Every table of facts ends in the same history columns: when the network
-- learned of the version (empty: the beginning of time), until when it held it to be true (empty:
-- still), by which later version or retraction it was closed and which earlier one it closed, the
-- journal entry that recorded it (who, and why), and the first eight bytes of its digest.

create table "numbers" (
    "id" bigint primary key,
    "next" bigint not null
);
insert into "numbers" ("id", "next") values (1, 1);

-- One row: the network that the database holds.
create table "network" (
    "id" bigint primary key,
    "network" text not null,
    "currency" text,
    "made_at" text not null
);

create table "editions" (
    "number" bigint primary key,
    "id" text not null unique,
    "network" text not null,
    "text" text not null,
    "sha256" text not null,
    -- `draft` until it is published; what is published never changes.
    "state" text not null,
    "uploaded_at" text not null,
    "uploaded_by" text not null,
    "published_by" text
);

create table "journal" (
    "entry" bigint primary key,
    "at" text not null,
    -- A user, `system`, or the operator at the command line.
    "actor" text not null,
    "action" text not null,
    "subject" text not null,
    -- JSON with sorted keys; personal values only as salted digests.
    "details" text not null,
    -- How many versions of facts were recorded, and the SHA-256 of their digests in order.
    "facts" bigint not null,
    "facts_sha256" text not null,
    -- Of everything above.
    "sha256" text not null
);

-- Rows of the journal that wait for their seal.
create table "unsealed" (
    "entry" bigint primary key
);

-- The chain over the journal, written by one sealer at a time.
create table "seals" (
    "seq" bigint primary key,
    "entry" bigint not null unique,
    "sha256" text not null
);
create table "sealer" (
    "id" bigint primary key,
    "sealed_at" text
);
insert into "sealer" ("id", "sealed_at") values (1, null);

create table "retractions" (
    "version" bigint primary key,
    "kind" text not null,
    "id" text not null,
    "retracts" bigint not null,
    "recorded_at" text not null,
    "entry" bigint not null,
    "digest" bigint not null
);

create table "partners" (
    "version" bigint primary key,
    "id" text not null,
    "name" text not null,
    "path" text not null,
    "tier" text,
    "tier_since" text,
    "last_review_on" text,
    "last_renewal_on" text,
    "last_upgrade_on" text,
    "kinds" text,
    "country" text,
    "website" text,
    "domains" text,
    "standing" text,
    "parent" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "partners_current" on "partners" ("id") where "superseded_at" is null;
create index "partners_past" on "partners" ("id") where "superseded_at" is not null;
create view "current_partners" as
    select "version", "id", "name", "path", "tier", "tier_since", "last_review_on", "last_renewal_on", "last_upgrade_on", "kinds", "country", "website", "domains", "standing", "parent", "recorded_at", "entry"
    from "partners" where "superseded_at" is null;

create table "reviews" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "path" text not null,
    "on" text not null,
    "kind" text not null,
    "tier" text,
    "valid_until" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "reviews_current" on "reviews" ("id") where "superseded_at" is null;
create index "reviews_past" on "reviews" ("id") where "superseded_at" is not null;
create index "reviews_partner" on "reviews" ("partner");
create view "current_reviews" as
    select "version", "id", "partner", "path", "on", "kind", "tier", "valid_until", "recorded_at", "entry"
    from "reviews" where "superseded_at" is null;

create table "affiliations" (
    "version" bigint primary key,
    "id" text not null,
    "subsidiary" text not null,
    "primary" text not null,
    "from" text not null,
    "until" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "affiliations_current" on "affiliations" ("id") where "superseded_at" is null;
create index "affiliations_past" on "affiliations" ("id") where "superseded_at" is not null;
create index "affiliations_primary" on "affiliations" ("primary");
create index "affiliations_subsidiary" on "affiliations" ("subsidiary");
create view "current_affiliations" as
    select "version", "id", "subsidiary", "primary", "from", "until", "recorded_at", "entry"
    from "affiliations" where "superseded_at" is null;

create table "individuals" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "person" text,
    "name" text not null,
    "emails" text,
    "joined_on" text,
    "left_on" text,
    "consent" text,
    -- Lost when the person is erased; the digest of name and e-mails stays.
    "salt" text,
    "personal" text not null,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "individuals_current" on "individuals" ("id") where "superseded_at" is null;
create index "individuals_past" on "individuals" ("id") where "superseded_at" is not null;
create index "individuals_partner" on "individuals" ("partner");
create index "individuals_person" on "individuals" ((coalesce("person", "id")));
create view "current_individuals" as
    select "version", "id", "partner", "person", "name", "emails", "joined_on", "left_on", "consent", "recorded_at", "entry"
    from "individuals" where "superseded_at" is null;

create table "credentials" (
    "version" bigint primary key,
    "id" text not null,
    "individual" text not null,
    "credential" text not null,
    "issued_on" text not null,
    "expires_on" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "credentials_current" on "credentials" ("id") where "superseded_at" is null;
create index "credentials_past" on "credentials" ("id") where "superseded_at" is not null;
create index "credentials_individual" on "credentials" ("individual");
create view "current_credentials" as
    select "version", "id", "individual", "credential", "issued_on", "expires_on", "recorded_at", "entry"
    from "credentials" where "superseded_at" is null;

create table "opportunities" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "customer" text not null,
    "title" text,
    "stage" text not null,
    "review" text,
    "expected_mrr" text not null,
    "currency" text not null,
    "launched_on" text,
    "closed_on" text,
    "use_case" text,
    "industry" text,
    "country" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "opportunities_current" on "opportunities" ("id") where "superseded_at" is null;
create index "opportunities_past" on "opportunities" ("id") where "superseded_at" is not null;
create index "opportunities_partner" on "opportunities" ("partner");
create view "current_opportunities" as
    select "version", "id", "partner", "customer", "title", "stage", "review", "expected_mrr", "currency", "launched_on", "closed_on", "use_case", "industry", "country", "recorded_at", "entry"
    from "opportunities" where "superseded_at" is null;

create table "references" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "customer" text not null,
    "opportunity" text,
    "kind" text,
    "published_on" text not null,
    "withdrawn_on" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "references_current" on "references" ("id") where "superseded_at" is null;
create index "references_past" on "references" ("id") where "superseded_at" is not null;
create index "references_partner" on "references" ("partner");
create view "current_references" as
    select "version", "id", "partner", "customer", "opportunity", "kind", "published_on", "withdrawn_on", "recorded_at", "entry"
    from "references" where "superseded_at" is null;

create table "ratings" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "customer" text not null,
    "score" text not null,
    "rated_on" text not null,
    "engagement" text,
    "consent" text,
    "consent_public" text,
    "comment" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "ratings_current" on "ratings" ("id") where "superseded_at" is null;
create index "ratings_past" on "ratings" ("id") where "superseded_at" is not null;
create index "ratings_partner" on "ratings" ("partner");
create view "current_ratings" as
    select "version", "id", "partner", "customer", "score", "rated_on", "engagement", "consent", "consent_public", "comment", "recorded_at", "entry"
    from "ratings" where "superseded_at" is null;

create table "business_plans" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "submitted_on" text not null,
    "validated_on" text,
    "valid_until" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "business_plans_current" on "business_plans" ("id") where "superseded_at" is null;
create index "business_plans_past" on "business_plans" ("id") where "superseded_at" is not null;
create index "business_plans_partner" on "business_plans" ("partner");
create view "current_business_plans" as
    select "version", "id", "partner", "submitted_on", "validated_on", "valid_until", "recorded_at", "entry"
    from "business_plans" where "superseded_at" is null;

create table "validations" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "program" text not null,
    "granted_on" text not null,
    "expires_on" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "validations_current" on "validations" ("id") where "superseded_at" is null;
create index "validations_past" on "validations" ("id") where "superseded_at" is not null;
create index "validations_partner" on "validations" ("partner");
create view "current_validations" as
    select "version", "id", "partner", "program", "granted_on", "expires_on", "recorded_at", "entry"
    from "validations" where "superseded_at" is null;

create table "cases" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "customer" text not null,
    "opened_on" text not null,
    "opened_by" text not null,
    "desk" text,
    "support" text,
    "severity" text,
    "resolved_on" text,
    "resolution_code" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "cases_current" on "cases" ("id") where "superseded_at" is null;
create index "cases_past" on "cases" ("id") where "superseded_at" is not null;
create index "cases_partner" on "cases" ("partner");
create view "current_cases" as
    select "version", "id", "partner", "customer", "opened_on", "opened_by", "desk", "support", "severity", "resolved_on", "resolution_code", "recorded_at", "entry"
    from "cases" where "superseded_at" is null;

create table "survey_responses" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "customer" text,
    "responded_on" text not null,
    "scores" text not null,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "survey_responses_current" on "survey_responses" ("id") where "superseded_at" is null;
create index "survey_responses_past" on "survey_responses" ("id") where "superseded_at" is not null;
create index "survey_responses_partner" on "survey_responses" ("partner");
create view "current_survey_responses" as
    select "version", "id", "partner", "customer", "responded_on", "scores", "recorded_at", "entry"
    from "survey_responses" where "superseded_at" is null;

create table "events" (
    "version" bigint primary key,
    "id" text not null,
    "partner" text not null,
    "kind" text not null,
    "subject" text,
    "on" text not null,
    "until" text,
    "amount" text,
    "currency" text,
    "attributes" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "events_current" on "events" ("id") where "superseded_at" is null;
create index "events_past" on "events" ("id") where "superseded_at" is not null;
create index "events_partner" on "events" ("partner");
create view "current_events" as
    select "version", "id", "partner", "kind", "subject", "on", "until", "amount", "currency", "attributes", "recorded_at", "entry"
    from "events" where "superseded_at" is null;

create table "organizations" (
    "version" bigint primary key,
    "id" text not null,
    "side" text not null,
    "name" text not null,
    "legal_name" text,
    "website" text,
    "domains" text,
    "offices" text,
    "country" text,
    "description" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "organizations_current" on "organizations" ("id") where "superseded_at" is null;
create index "organizations_past" on "organizations" ("id") where "superseded_at" is not null;
create view "current_organizations" as
    select "version", "id", "side", "name", "legal_name", "website", "domains", "offices", "country", "description", "recorded_at", "entry"
    from "organizations" where "superseded_at" is null;

create table "units" (
    "version" bigint primary key,
    "id" text not null,
    "customer" text not null,
    "name" text not null,
    "kind" text,
    "parent" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "units_current" on "units" ("id") where "superseded_at" is null;
create index "units_past" on "units" ("id") where "superseded_at" is not null;
create index "units_customer" on "units" ("customer");
create view "current_units" as
    select "version", "id", "customer", "name", "kind", "parent", "recorded_at", "entry"
    from "units" where "superseded_at" is null;

create table "workloads" (
    "version" bigint primary key,
    "id" text not null,
    "customer" text not null,
    "unit" text,
    "name" text not null,
    "owner" text,
    "accounts" text,
    "regions" text,
    "environment" text not null,
    "design_services" text,
    "recorded_at" text,
    "superseded_at" text,
    "superseded_by" bigint,
    "supersedes" bigint,
    "entry" bigint not null,
    "digest" bigint not null
);
create unique index "workloads_current" on "workloads" ("id") where "superseded_at" is null;
create index "workloads_past" on "workloads" ("id") where "superseded_at" is not null;
create index "workloads_customer" on "workloads" ("customer");
create view "current_workloads" as
    select "version", "id", "customer", "unit", "name", "owner", "accounts", "regions", "environment", "design_services", "recorded_at", "entry"
    from "workloads" where "superseded_at" is null;
