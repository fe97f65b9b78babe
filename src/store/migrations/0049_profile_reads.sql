-- Machine names of the apps whose profiles the expressions of a mapping read: who is to follow a change there.
alter table mappings add column reads text[] not null default '{}';
-- Of those that are there, whatever holds a name: one too many costs a look.
update mappings m set reads = array(
  select a.name from apps a where a.id <> m.app_id and position(a.name || '.' in m.properties::text) > 0)
where direction = 'TO_APP';
