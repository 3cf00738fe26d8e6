# Runs by a condition, in an order, with their settings; names that begin with '@' are aliases and nothing else.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
for lr in 0.0005 0.02; do
  eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --lr $lr --name "lr-$lr" -q >/dev/null
done
eyenet evaluate first -q >/dev/null 2>&1
eyenet evaluate lr-0.02 -q >/dev/null 2>&1
show 'eyenet runs --where "lr < 0.001" --csv | cut -d, -f1,2,6'
show 'eyenet runs --where "auc >= 0 and lr < 0.01" --csv | cut -d, -f1'
show 'eyenet runs --sort -lr --limit 2 --params lr,batch,optimiser,state --csv | cut -d, -f1,28-'
show 'eyenet runs --params learning_rate,batch --sort "-learning_rate * batch" --json | grep -oE "\"(run|learning_rate|batch)\": [^,}]*"'
show 'COLUMNS=90 eyenet runs --where "auc IS NULL" --params lr,loss | sed -E "s/0\.[0-9]{3}/N/g; s/ +/ /g"'
show 'eyenet runs --where "run = '\'nosuch\''" --params lr'
show 'eyenet runs list --sort "auc" --csv | cut -d, -f1 | tail -n 1'
# What is not SQL that reads, or not a column.
unchanged 'eyenet runs --where "lr <"'
unchanged 'eyenet runs --where "learning_rat < 1"'
unchanged 'eyenet runs --where "1, 2"'
unchanged 'eyenet runs --where "1) UNION SELECT (2"'
unchanged 'eyenet runs --where "load_extension('\''x'\'')"'
unchanged 'eyenet runs --sort "nosuch"'
unchanged 'eyenet runs --params lr,,batch'
unchanged 'eyenet runs --params lr,batch,lr'
unchanged 'eyenet runs --params nosuch'
show 'eyenet runs --where "lr = 0.02" --params state,epochs,max_epochs | sed -E "s/0\.[0-9]{3}/N/g; s/ +/ /g"'
unchanged 'eyenet runs --params "lr\` FROM runs; DROP TABLE run; --"'
unchanged 'eyenet runs --limit 0'
# A setting may have any name, and any text.
eyenet run log elsewhere -q <<'END'
{"params": {"lr": 0.3, "a\"b`c": "it's 1"}}
END
show 'eyenet runs --where "lr = 0.3 AND origin = '\''imported'\''" --params '"'lr,a\"b\`c'"' --json | grep -oE "\"(run|lr|a).*"'
# Aliases.
unchanged 'eyenet train --subset small --name @champion'
unchanged 'eyenet runs rename first @first'
cp ../tiny.net ./@odd.net
unchanged 'eyenet train --subset small --model @odd.net --target eye --epochs 1 -q'
echo image,predicted >p.csv
unchanged 'eyenet run import p.csv --name @elsewhere --target eye'
unchanged 'echo "{}" | eyenet run log @elsewhere -'
show 'eyenet doctor --csv | grep alias'
sqlite3 eyenet.db "UPDATE run SET name = '@first' WHERE name = 'first'"
show 'eyenet doctor --csv | grep alias'
show 'eyenet runs rm @first -q --csv | cut -d, -f1'
unchanged 'eyenet runs restore @first'
show 'eyenet runs restore @first --name was-first -q --csv | cut -d, -f1'
sqlite3 eyenet.db "UPDATE run SET name = '@first' WHERE name = 'was-first'"
show 'eyenet runs rename @first first; eyenet doctor --csv | grep -c alias'
# Nothing leaves its brackets, and nothing without a value counts as NULL.
unchanged 'eyenet runs --where "1) /*" --limit 1'
unchanged 'eyenet runs --sort "1) /*"'
unchanged 'eyenet runs --where "lr > :x"'
unchanged 'eyenet sql "SELECT ?"'
# Names of settings as strangers write them.
printf '%s\n' '{"params": {"a`b": 1, "q\"x": "it'"'"'s", "lr ) --": 4, "learning rate": 0.3, "Lr": 7}}' | eyenet run log odd -q >/dev/null
show 'eyenet runs --params '"'"'a`b,q"x,lr ) --,learning rate,lr'"'"' --csv | cut -d, -f1,28- | grep odd'
show 'eyenet runs --where '"'"'`a``b` = 1 AND "q""x" IS NOT NULL AND `lr ) --` = 4 AND "learning rate" < 1 AND LR = 7'"'"' --csv | cut -d, -f1'
