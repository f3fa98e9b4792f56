-- The list of integrations says what came of the newest message to each: one row of this index for each of them.
CREATE INDEX delivery_integration ON delivery (workspace_id, integration_id, created_at);
