-- People and partners are found by the beginning of their names, whatever the capitals.

create index "partners_name" on "partners" (lower("name")) where "superseded_at" is null;
create index "individuals_name" on "individuals" (lower("name")) where "superseded_at" is null;
