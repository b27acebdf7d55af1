-- Prices in the unit of a backend (bot/domain/capabilities.py), and budgets for each backend.
ALTER TABLE requests ADD COLUMN unit TEXT NOT NULL DEFAULT 'kudos';
ALTER TABLE spending ADD COLUMN backend TEXT NOT NULL DEFAULT '';
UPDATE spending SET backend = coalesce(
    (SELECT requests.backend FROM requests WHERE requests.id = spending.request_id), ''
);
DROP INDEX spending_day;
CREATE INDEX spending_day ON spending (guild_id, backend, day);
