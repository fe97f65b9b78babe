-- What administrators look people, groups and events up by. Texts are kept as they are compared: lower(), in order of
-- code points (collate "C"), which serves equality, beginnings and order with one index whatever the database's
-- locale. The id behind them lets a page begin anywhere. See docs/decisions/0008-search-in-sql.md.

-- Sorting by login, and logins that begin so. Equality has the unique index.
create index users_login on users (login_key collate "C", id);
create index users_email on users ((lower(profile->>'email') collate "C"), id);
create index users_first_name on users ((lower(profile->>'firstName') collate "C"), id);
create index users_last_name on users ((lower(profile->>'lastName') collate "C"), id);
create index users_department on users ((lower(profile->>'department') collate "C"), id);
create index users_status on users (status, id);
create index users_last_updated on users (last_updated, id);

-- Equality of any other attribute, custom ones too. What is left out has an index above, or has a different value
-- for everybody and is hardly ever looked up: such values are what this index costs. store/user-fields.ts has the
-- same list.
create index users_profile on users using gin ((lower((profile - array[
    'login', 'email', 'secondEmail', 'firstName', 'lastName', 'middleName', 'displayName', 'nickName', 'department',
    'mobilePhone', 'primaryPhone', 'streetAddress', 'postalAddress', 'profileUrl',
    'locale', 'timezone', 'preferredLanguage'])::text)::jsonb) jsonb_path_ops);

create index groups_search on groups (lower(name) collate "C", id);

-- The log by type, by who did it and by what it was done to, in order of time.
create index log_events_type on log_events (event_type, published, seq);
-- Most events are of Usher's own doing, and nobody finds anything by that.
create index log_events_actor on log_events ((actor->>'id'), published, seq) where actor->>'id' <> 'system';
create index log_events_targets on log_events using gin (jsonb_path_query_array(target, '$[*].id') jsonb_path_ops);
