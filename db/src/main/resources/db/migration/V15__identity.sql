-- Whose database this is: a Temporal namespace that works for one installation is refused to every other. A copy of the
-- database, as after a restore, is the same installation.
ALTER TABLE installation ADD COLUMN identity uuid NOT NULL DEFAULT gen_random_uuid();
