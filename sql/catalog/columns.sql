-- The columns of a view or table in their order; the type as it is declared, NULL for an expression's.
SELECT name, nullif(type, '') AS type, NULL AS meaning FROM pragma_table_info(:name) ORDER BY cid;
