-- The hash of the newest set of views, from the ledger of views.
SELECT sha256 FROM schema_view_set ORDER BY set_id DESC LIMIT 1;
