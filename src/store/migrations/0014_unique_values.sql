-- The values of attributes that only one person of a type may have, by hash: a value may be longer than an index takes.
create table user_unique_values (
  type_id     text not null references user_types on delete cascade,
  attribute   text not null,
  value_hash  bytea not null,
  user_id     text not null references users on delete cascade,
  primary key (type_id, attribute, value_hash)
);
create index user_unique_values_user on user_unique_values (user_id);

-- Who a group belongs to, as a matter of record. It allows nothing by itself.
create table group_owners (
  group_id        text not null references groups on delete cascade,
  owner_user_id   text references users on delete cascade,
  owner_group_id  text references groups on delete cascade,
  last_updated    timestamptz not null default now(),
  constraint group_owners_one check (num_nonnulls(owner_user_id, owner_group_id) = 1)
);
create unique index group_owners_key on group_owners (group_id, coalesce(owner_user_id, owner_group_id));
create index group_owners_user on group_owners (owner_user_id) where owner_user_id is not null;
create index group_owners_group on group_owners (owner_group_id) where owner_group_id is not null;
