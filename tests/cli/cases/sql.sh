# Queries: three looks of a table, and SQL that does more than read.
eyenet init . >/dev/null
show 'eyenet sql "SELECT 1 AS one, 2.5 AS half, NULL AS none, '"'text'"' AS text"'
show 'eyenet sql --json "SELECT 1 AS one, 0.1 AS tenth, NULL AS none, '"'a \"b\"'"' AS text, x'"'00ff'"' AS blob"'
show 'eyenet sql --csv "SELECT 1 AS one, NULL AS none, '"''"' AS empty, '"'a,b'"' AS comma"'
show 'eyenet sql "SELECT * FROM runs WHERE 0" --json'
show 'eyenet sql "SELECT run, state FROM runs"'
show 'eyenet sql "SELECT char(27) || '"'[31mred'"' AS colour, char(10) AS line"'
show 'COLUMNS=40 eyenet sql "SELECT '"'a text that is far too long for this terminal'"' AS text, 42 AS n"'
show 'echo "SELECT median(column1) AS median FROM (VALUES (1), (5), (9))" | eyenet sql -'
unchanged 'eyenet sql "DELETE FROM image"'
unchanged 'eyenet sql "INSERT INTO source (uri, kind, state) VALUES (1, 2, 3)"'
unchanged 'eyenet sql "PRAGMA user_version = 7"'
unchanged "eyenet sql \"ATTACH 'other.db' AS other\""
unchanged 'eyenet sql "DROP VIEW runs"'
show 'eyenet sql "SELECT 1; SELECT 2"'
show 'eyenet sql "SELCT 1"'
show 'eyenet sql "SELECT nosuch FROM images"'
show 'eyenet sql ""'
