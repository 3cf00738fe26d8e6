# A catalog from a stranger: what it says is refused where it is read, its schema is put right on demand, and nothing outside of the
# project is touched.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
echo mine >../mine.txt
# $1 as only somebody who takes the rules away can do it, and with the rules there again afterwards.
behind() {
    drop=$(sqlite3 eyenet.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'")
    make=$(sqlite3 eyenet.db "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'")
    sqlite3 eyenet.db "PRAGMA ignore_check_constraints = 1; $drop $1; $make"
}
recipe=$(eyenet sql --csv 'SELECT text FROM recipe' | tail -n 1)
cp eyenet.db whole.db
back() { cp whole.db eyenet.db; }
ingest() { show "eyenet ingest --recipe '$recipe' 2>&1 | grep -v seconds"; }
behind "UPDATE pack SET path = '../mine.txt'"; ingest; back
behind "UPDATE pack SET path = 'photos/1/1_left.jpeg'"; ingest; back
mv samples away; ln -s away samples; ingest; rm samples; mv away samples
cp samples/recipe-1.pack kept; echo other >samples/recipe-1.pack; ingest; cat samples/recipe-1.pack; mv kept samples/recipe-1.pack
behind "UPDATE run SET name = '../../escaped'"; show 'eyenet report'; back
behind "UPDATE sample SET slot = -1 WHERE slot = 0"; show 'eyenet doctor --deep | grep -A1 ^bad'; back
# No NOT NULL, no CHECK and no STRICT: the schema reads as it should all the same.
loosely() {
    sqlite3 eyenet.db "PRAGMA writable_schema = 1; CREATE TEMP TABLE was AS SELECT name, sql FROM sqlite_master WHERE type = 'table';
        UPDATE sqlite_master SET sql = replace(replace(replace(replace(sql, ' IS NOT NULL', ' NOTNULL'), ' NOT NULL', ''), 'STRICT, WITHOUT', 'WITHOUT'), ') STRICT', ')')
        WHERE type = 'table'; PRAGMA writable_schema = RESET; PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1;
        $(sqlite3 eyenet.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'") $1;
        $(sqlite3 eyenet.db "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'") PRAGMA writable_schema = 1;
        UPDATE sqlite_master SET sql = (SELECT sql FROM was WHERE was.name = sqlite_master.name) WHERE type = 'table'"
}
loosely "UPDATE recipe SET text = NULL"; show "eyenet train --model ../tiny.net --subset small --target eye -q"; back
loosely "UPDATE sample SET sha256 = NULL WHERE slot = 0"; show 'eyenet doctor --deep -q | grep -A2 ^bad'; back
loosely "UPDATE run SET epochs = 2147483648"; show 'eyenet report'; back
loosely "UPDATE run SET val_subset_id = 99"; show 'eyenet report'; back
loosely "UPDATE member SET bytes = 9223372036854775807 WHERE member_id < 3"; show 'eyenet fetch --verify'; show 'eyenet report'; back
loosely "UPDATE member SET path = 'photos/' || char(27) || '[31m' WHERE member_id = 1"; show 'eyenet doctor | grep -A2 "^bad *photographs"'; back
loosely "UPDATE sample SET slot = x'00' WHERE slot = 0"; show 'eyenet report'; back
loosely "UPDATE scheme SET lowest = 3, highest = 1 WHERE name = 'eyeq'"; show 'eyenet scheme list'; show 'eyenet doctor | grep -A2 ^bad'; back
loosely "UPDATE scheme SET highest = 4611686018427387904"; show 'eyenet label import ../eyes/trainLabels.csv'; show 'eyenet scheme list'; back
loosely "UPDATE scheme SET name = NULL WHERE name = 'icdr'"; show 'eyenet scheme list'; show 'eyenet label import ../eyes/trainLabels.csv'; back
loosely "UPDATE scheme SET name = '../' || name; UPDATE label_import SET scheme = '../' || scheme; UPDATE label SET scheme = '../' || scheme; UPDATE scheme_value SET scheme = '../' || scheme"
show 'eyenet scheme list'; show 'eyenet label agreement --scheme ../icdr'; show 'eyenet label conflicts'; show 'eyenet doctor | grep -A2 ^bad'; back
loosely "UPDATE scheme_value SET name = char(27) || '[31m', value = value + 9"; show 'eyenet scheme list'; back
loosely "UPDATE label SET grade = 4611686018427387904 WHERE image_id < 3"; show "eyenet sql \"SELECT label(image_id, 'icdr') AS g FROM images LIMIT 1\""; show 'eyenet doctor | grep -A2 "^bad *rules"'; back
show "eyenet sql \"SELECT 1 AS '\$(printf '\\033')[31m'\""
sqlite3 eyenet.db "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'slot >= 0', 'slot >= -9')"
show 'eyenet runs'; back
show 'cat ../mine.txt; ls ..'
# Rules that are gone, or that are not eyenet's.
sqlite3 eyenet.db "DROP TRIGGER label_is_history; CREATE TRIGGER other AFTER INSERT ON metric BEGIN SELECT 1; END"
show 'eyenet split again'
show 'eyenet sql "SELECT count(*) AS n FROM images"'
show 'eyenet doctor | grep -A2 ^bad'
show 'eyenet doctor --repair-schema 2>&1 | grep schema'
show 'eyenet split again -q | wc -l; ls | grep backup | sed "s/v[0-9]*/vN/"'
show "sqlite3 eyenet.db \"INSERT INTO split (name, seed, rule) VALUES ('a' || char(7), 1, 'r')\" 2>&1 | sed 's/ ([0-9]*)\$//'"
