-- How people have arranged their own My Apps: the order of their tiles, and sections with names of their own.
create table my_layouts (
  user_id       text primary key references users on delete cascade,
  layout        jsonb not null,
  last_updated  timestamptz not null default now()
);
