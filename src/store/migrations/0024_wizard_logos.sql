-- The picture the app is to have; what kind it is is in the draft. It goes to app_logos when the wizard is turned on.
alter table wizards add column logo bytea;
