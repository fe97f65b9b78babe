-- What the app said when it refused somebody's password, until it has taken one: the password itself is not kept.
alter table password_pushes add column refused text;
