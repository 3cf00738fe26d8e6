-- The text of a temporary view that shows a view's rows with part and split of another split than the newest.
SELECT printf('CREATE TEMP VIEW %s AS SELECT %s FROM main.%s n LEFT JOIN main.split s ON s.split_id = %d '
    || 'LEFT JOIN main.assignment a ON a.split_id = s.split_id AND a.patient = n.patient', :view,
  group_concat(CASE name WHEN 'part' THEN 'a.part' WHEN 'split' THEN 's.name AS split' ELSE 'n.' || name END, ', '),
  :view, :split_id)
FROM pragma_table_info(:view);
