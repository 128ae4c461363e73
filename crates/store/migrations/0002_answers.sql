-- Answers to requests with a key of idempotency.
create table "answers" (
    "number" bigint primary key,
    "actor" text not null,
    "key" text not null,
    "fingerprint" text not null,
    "answer" text not null,
    "at" text not null
);
create unique index "answers_key" on "answers" ("actor", "key");
create index "answers_at" on "answers" ("at");
