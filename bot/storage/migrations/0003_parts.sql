-- What a message shows of its request: 0 the card, 1 the pictures that it has no room for, 2 a copy.
ALTER TABLE messages ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
