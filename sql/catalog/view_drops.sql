-- The text that takes away the newest set's views, those of them that are still there.
SELECT group_concat(printf('DROP VIEW IF EXISTS "%w";', n.value), ' ')
FROM (SELECT names FROM schema_view_set ORDER BY set_id DESC LIMIT 1) s
JOIN json_each(s.names) n;
