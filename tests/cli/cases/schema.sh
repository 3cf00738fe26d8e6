# Views and tables, column by column.
eyenet init . >/dev/null
show 'eyenet schema rejects'
printf 'image,level\n10_left,0\n10_right,2\n11_left,4\n' >a_label_file_with_a_long_name.csv
eyenet label import a_label_file_with_a_long_name.csv --unknown add >/dev/null
show 'eyenet schema labels'
show 'COLUMNS=60 eyenet schema class_balance'
show 'eyenet schema class_balance --json'
show 'eyenet schema class_balance --csv'
show 'eyenet schema image --csv'
show 'eyenet schema latest_metrics --sql'
show 'eyenet schema volume --sql'
show 'eyenet schema rejects --sql --json'
# Without a name, the SQL of the views as ever.
show 'eyenet schema | grep -c "^CREATE VIEW"'
show 'eyenet schema --sql | grep -c "^CREATE VIEW"'
show 'eyenet schema --all | grep -c "^CREATE TABLE"'
show 'eyenet schema label --csv | head -n 1'
show 'eyenet schema imagse'
show 'eyenet schema images variants'
show 'eyenet schema images --all'
# A view of one's own.
sqlite3 eyenet.db 'CREATE VIEW mine AS
-- Patients.
--   eyes   count of photographs
-- Other columns: as in images.
SELECT patient, count(*) AS eyes, 0.123456789 AS x FROM images GROUP BY patient'
show 'eyenet schema mine'
show 'eyenet schema mine --json'
# A catalog with the views of another eyenet: read through our own, and given them by the first command that writes.
sqlite3 eyenet.db "DROP VIEW rejects; CREATE VIEW rejects AS SELECT 1 AS old;
  INSERT INTO schema_view_set (names, sha256) SELECT names, printf('%064d', 0) FROM schema_view_set"
show 'eyenet schema rejects --csv | head -n 2'
show 'eyenet schema rejects --sql | head -n 2'
show 'eyenet sql "SELECT count(image) AS n FROM rejects"'
show 'eyenet doctor --csv 2>/dev/null | grep ,catalog,'
show 'sqlite3 eyenet.db "SELECT * FROM rejects"'
eyenet augment plain >/dev/null
show 'sqlite3 eyenet.db "SELECT count(image) FROM rejects"'
show 'eyenet sql "SELECT patient, eyes FROM mine"'
