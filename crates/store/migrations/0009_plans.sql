-- Plans that partners have accepted, and what things cost them.

create table "plans" (
    "number" bigint primary key,
    "partner" text not null,
    -- The goal as JSON, and what of it makes two plans ways to the same: `tier advanced`.
    "goal" text not null,
    "about" text not null,
    -- The day on which it has to hold, and the one on which the plan was made.
    "due_on" text not null,
    "made_on" text not null,
    "edition" text not null,
    -- The plan as JSON, as it was handed out. It names people by their ids alone.
    "plan" text not null,
    -- Whether the vendor may see it.
    "is_shown" bigint not null,
    -- `accepted`, `ended` or `replaced`.
    "state" text not null,
    "version" bigint not null,
    "accepted_at" text not null,
    "accepted_by" text not null,
    "ended_at" text,
    "ended_by" text,
    -- Why it was ended, in the words of whoever did.
    "reason" text
);
create index "plans_partner" on "plans" ("partner", "number");

-- A partner's own costs file.
create table "plan_costs" (
    "partner" text primary key,
    "text" text not null,
    "version" bigint not null,
    "changed_at" text not null,
    "changed_by" text not null
);
