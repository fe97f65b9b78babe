-- Administrator roles are held by people and by groups, and may be limited to some apps or groups.
--
-- `limited`, and not that there are targets, says that a role is limited: where the last target is deleted the role
-- is for nothing, and not for everything.
--
-- The release before goes on working: it adds and reads rows of people with a role for everything.
alter table admins drop constraint admins_pkey;
alter table admins alter column user_id drop not null;
alter table admins
  add column id            text not null default 'ra1' || substr(md5(gen_random_uuid()::text), 1, 17),
  add column group_id      text references groups on delete cascade,
  add column limited       boolean not null default false,
  add column last_updated  timestamptz not null default now(),
  add primary key (id),
  add constraint admins_holder check (num_nonnulls(user_id, group_id) = 1),
  add constraint admins_user_role unique (user_id, role),
  add constraint admins_group_role unique (group_id, role);

create table admin_app_targets (
  admin_id  text not null references admins on delete cascade,
  -- The key of a catalog integration, or the name of a private app.
  name      text not null,
  -- Null: every app of that name.
  app_id    text references apps on delete cascade
);
create unique index admin_app_targets_key on admin_app_targets (admin_id, name, coalesce(app_id, ''));

create table admin_group_targets (
  admin_id  text not null references admins on delete cascade,
  group_id  text not null references groups on delete cascade,
  primary key (admin_id, group_id)
);
