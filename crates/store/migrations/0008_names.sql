-- People and partners are found by the beginning of their names, whatever the capitals. Of all
-- versions: an index of the current ones alone would also do for reading a fact by its id, and what
-- PostgreSQL then watches for writers side by side is no longer the index in which they meet.

create index "partners_name" on "partners" (lower("name"));
create index "individuals_name" on "individuals" (lower("name"));
