-- The language of the card, so that a later edit keeps it; '' for requests of older versions.
ALTER TABLE requests ADD COLUMN language TEXT NOT NULL DEFAULT '';
