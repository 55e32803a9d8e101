-- How many operations ended how, and after how long, is asked for every few seconds: what ended long ago is added up once.
CREATE INDEX operations_by_end ON operations (ended_at) WHERE ended_at IS NOT NULL;
