# Runs that differ in their settings are trained by as many processes as there are, and ranked; and options from a file.
eyes_project
none() { sed -E 's/-?[0-9]+\.[0-9]{3,}/N/g; s/ +/ /g; s/-{2,}/-/g'; }
write() { cat >"$1"; }
write grid.toml <<'END'
method = "grid"
metric = "val_auc"
[train]
subset = "small"
model = "../tiny.net"
target = "eye"
epochs = 2
lr = [0.001, 0.01]
batch = [8, 16] # two of each
END
unchanged 'eyenet sweep grid.toml --dry-run --csv'
show 'eyenet sweep grid.toml -q --csv | cut -d, -f2-5,7- | sort'
show 'eyenet sweep grid.toml -q | none | head -n 2'
unchanged 'eyenet sweep grid.toml -q --csv | cut -d, -f2-5 | sort'
show 'eyenet runs --where "run LIKE '\''grid-%'\''" --params lr,batch,sweep --csv | cut -d, -f1,28-'
# The best first: by the AUC, or the loss.
best() { eyenet sql --csv "SELECT run FROM metrics JOIN runs USING (run) WHERE run LIKE 'grid-%' AND part = 'val' AND metric = '$1' AND epoch = best_epoch ORDER BY value $2, runs.run_id LIMIT 1"; }
cmp <(best auc DESC | tail -n 1) <(eyenet sweep grid.toml -q --csv | cut -d, -f2 | sed -n 2p)
sed 's/val_auc/val_loss/' grid.toml >other.toml && sed -i '1i name = "grid"' other.toml
cmp <(best loss ASC | tail -n 1) <(eyenet sweep other.toml -q --csv | cut -d, -f2 | sed -n 2p)
# Another file of the same name is another sweep.
sed -i 's/0.01\]/0.02]/' other.toml
unchanged 'eyenet sweep other.toml -q'
show 'eyenet sweep other.toml -q --skip-done --csv | cut -d, -f2,3 | sort'
# Several processes share the runs, and each is trained once; what a killed process left is taken up.
write random.toml <<'END'
method = "random"
runs = 8
seed = 7
[train]
subset = "small"
model = "../tiny.net"
target = "eye"
epochs = 30
patience = 0
lr = {log = [1e-4, 1e-2]}
clip = {uniform = [0.5, 2]}
batch = [4, 8, 16]
END
show 'eyenet sweep random.toml --dry-run --csv | cut -d, -f2,7-'
(timeout -s KILL 0.4 eyenet sweep random.toml -q || true) >/dev/null 2>&1
for process in 1 2 3; do
  eyenet sweep random.toml -q --threads 1 >"said-$process" 2>&1 || echo "process $process: $(tail -n 1 "said-$process")" &
done
wait
show 'eyenet sweep random.toml -q --csv | cut -d, -f3,4 | sort | uniq -c | sed "s/^ *//"'
show 'eyenet sql --csv "SELECT count(*) AS runs, count(DISTINCT settings ->> '\''learning_rate'\'') AS rates, max(attempts) <= 2 AS once FROM runs WHERE run LIKE '\''random-%'\''"'
# Successive halving: paused, dropped or resumed, as if never interrupted.
sed -e 's/"random"/"halving"/' -e 's/^runs.*/runs = 6\nfirst = 2\neta = 3/' -e 's/epochs = 30/epochs = 12/' random.toml >halving.toml
(timeout -s KILL 0.3 eyenet sweep halving.toml -q || true) >/dev/null 2>&1
for process in 1 2; do
  eyenet sweep halving.toml -q --threads 1 >"said-$process" 2>&1 || echo "process $process: $(tail -n 1 "said-$process")" &
done
wait
show 'eyenet sweep halving.toml -q --csv | cut -d, -f3,4,6 | sort | uniq -c | sed "s/^ *//"'
winner=$(eyenet sql --csv "SELECT run FROM runs WHERE run LIKE 'halving-%' AND state = 'finished'" | tail -n 1)
option() { eyenet sql --csv "SELECT settings ->> '$1' FROM runs WHERE run = '$winner'" | tail -n 1; }
eyenet train --subset small --model ../tiny.net --target eye --epochs 12 --patience 0 --lr "$(option learning_rate)" \
  --clip "$(option clip_norm)" --batch "$(option batch)" --name straight -q >/dev/null
show "eyenet sql --csv \"SELECT count(DISTINCT k.sha256) AS weights FROM checkpoint k JOIN runs r USING (run_id) WHERE r.run IN ('straight', '$winner') AND kind = 'best'\""
# What cannot be: said before anything is trained.
refuse() { printf '%s\n' "$@" | tee bad.toml | tr '\n' '|'; echo; unchanged 'eyenet sweep bad.toml'; }
refuse '[train]' 'epochs = [1, 2]'
refuse '[train]' 'subset = "small"' 'epochs = 3'
refuse '[train]' 'subset = "small"' 'lr = 1e-3' 'epoch = [1, 2]'
refuse '[train]' 'subset = "small"' 'name = ["a", "b"]'
refuse '[train]' 'subset = "small"' 'lr = [1e-3, 100]'
refuse '[train]' 'subset = "small"' 'lr = ["a"]'
refuse '[train]' 'subset = "small"' 'lr = {log = [1e-3, 1e-5]}'
refuse '[train]' 'subset = "small"' 'lr = {log = [1e-5, 1e-3]}'
refuse '[train]' 'subset = "small"' 'lr = {log = [0, 1e-3], steps = 3}'
refuse '[train]' 'subset = "small"' 'model = {log = [1, 2]}'
refuse '[train]' 'subset = "small"' 'seed = []'
refuse '[train]' 'subset = "small"' 'lr = 1e999'
refuse '[train]' 'subset = "small"' 'seed = 99999999999999999999'
refuse 'metric = "test_auc"' '[train]' 'subset = "small"' 'lr = [1e-3]'
refuse 'method = "magic"' '[train]' 'subset = "small"' 'lr = [1e-3]'
refuse 'method = "random"' '[train]' 'subset = "small"' 'lr = [1e-3]'
refuse 'method = "random"' 'runs = 3' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse 'method = "random"' 'runs = 1000000' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse 'method = "halving"' 'runs = 3' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse 'name = "@x"' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse 'trials = 3' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse '[train]' 'subset = "small"' 'seed = {uniform = [0, 1e9], steps = 1000}' 'lr = {log = [1e-5, 1], steps = 1000}'
refuse 'name = ""' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse 'name = "-a"' '[train]' 'subset = "small"' 'lr = [1e-3, 1e-2]'
refuse '[train]' 'subset = "small"' 'lr = [1e-3, 0.01, 0.001]'
refuse '[train]' 'subset = "small"' 'model = "../tiny.net"' 'target = ["eye", "wrong"]'
refuse '[train]' 'subset = "small"' 'target = "eye"' 'model = ["../tiny.net", "nosuch"]'
unchanged 'eyenet sweep grid.toml --time-limit never'
# What was not measured ranks nothing.
write four.toml <<'END'
metric = "val_auc"
method = "halving"
runs = 3
first = 1
[train]
subset = "small"
model = "../tiny.net"
target = "grade"
epochs = 2
lr = {log = [1e-4, 1e-3]}
END
show 'eyenet sweep four.toml -q 2>&1 | grep -v left.out'
sed -i -e '/^method/d' -e '/^runs/d' -e '/^first/d' -e '1i name = "four-grid"' -e 's/{.*/[0.001, 0.002]/' four.toml
show 'eyenet sweep four.toml -q 2>&1 | grep -v left.out'
# The time limit is one of all runs.
sed -i -e '1s/.*/name = "limited"/' -e 's/val_auc/val_loss/' -e 's/"grade"/"eye"/' four.toml
show 'eyenet sweep four.toml -q --time-limit 0.001 --csv 2>&1 | cut -d, -f2,3 | sed "s/ in epoch.*//" | sort'
show 'eyenet sweep four.toml -q --time-limit 10m --csv 2>&1 | cut -d, -f2,3 | sort'
printf '[train]\nsubset = "sm\0all"\n' >bad.toml
unchanged 'eyenet sweep bad.toml'
head -c 2000000 /dev/zero | tr '\0' '#' >bad.toml
unchanged 'eyenet sweep bad.toml'
unchanged 'eyenet sweep nosuch.toml'
# train: the same kind of file, and the command line wins.
write usual.toml <<'END'
subset = "small"
model = "../tiny.net"
target = "eye"
epochs = 2
lr = 0.004
mixed-parts = false
END
show 'eyenet train --config usual.toml --lr 0.002 --name usual -q >/dev/null; eyenet runs --where "run = '\''usual'\''" --params lr,batch --csv | cut -d, -f1,6,28-'
unchanged 'eyenet train --config usual.toml --resume usual'
echo 'learning-rate = 1' >bad.toml
unchanged 'eyenet train --config bad.toml'
echo 'lr = "much"' >bad.toml
unchanged 'eyenet train --config bad.toml --subset small'
echo 'lr = 11' >bad.toml
unchanged 'eyenet train --config bad.toml --subset small'
echo 'config = "usual.toml"' >bad.toml
unchanged 'eyenet train --config bad.toml --subset small'
unchanged 'eyenet train --config nosuch.toml --subset small'
