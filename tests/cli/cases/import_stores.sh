# Runs of an MLflow folder are imported, named, chosen, skipped when they come again, and refused where they are not as MLflow writes them.
eyenet init -q
id=2f7fd73ed6bb4aaea4a7ff836fad385e
run=../mlruns/17/$id
mkdir -p "$run"/{params,metrics/loss,tags} ../mlruns/0
printf '%s\n' 'name: Default' 'lifecycle_stage: active' >../mlruns/0/meta.yaml
printf '%s\n' "experiment_id: '17'" 'lifecycle_stage: active' 'name: "r\xE9tina"' >../mlruns/17/meta.yaml
printf '%s\n' 'run_name: res/net 50' 'start_time: 1795870215446' 'end_time: 1795870217946' 'status: 3' 'tags: []' >"$run/meta.yaml"
printf 0.001 >"$run/params/lr"
printf torch >"$run/tags/team"
printf root >"$run/tags/mlflow.user"
printf 'a note' >"$run/tags/mlflow.note.content"
printf '%s\n' '10 0.5 1' '20 nan 2' '30 0.25 3' >"$run/metrics/val_loss"
printf '%s\n' '10 0.75 1' '20 0.5 2' '30 0.375 3' >"$run/metrics/loss/train"
ln -s /etc/passwd "$run/params/passwd"
show 'eyenet import mlflow ../mlruns'
show 'eyenet runs'
show 'eyenet runs show "res_net 50" | grep -E "^(run|setting|metric)" | grep -vE "program_|created"'
show 'eyenet sql "SELECT part, metric, step, epoch, value FROM metrics ORDER BY 1, 2, 3"'
unchanged 'eyenet import mlflow ../mlruns | grep -v seconds'
unchanged 'eyenet import mlflow ../mlruns --experiment nothing'
unchanged 'eyenet import mlflow ../mlruns --run nobody'
unchanged 'eyenet import mlflow ../mlruns --experiment Default | grep runs'
unchanged 'eyenet import mlflow .'
unchanged 'eyenet import mlflow eyenet.db'
unchanged 'eyenet import trackio ../mlruns'
unchanged 'eyenet import trackio nowhere.db'
unchanged 'eyenet import mlflow'
other=00000000000000000000000000000001
cp -r "$run" ../mlruns/17/$other
printf '30 0.25 120000\n' >../mlruns/17/$other/metrics/val_loss
unchanged 'eyenet import mlflow ../mlruns'
show 'eyenet import mlflow ../mlruns --steps steps | grep -E "imported|skipped"'
printf 'run_name: [a]\n' >../mlruns/17/$other/meta.yaml
unchanged 'eyenet import mlflow ../mlruns | grep -E "runs|imported|skipped|damaged"'
unchanged "eyenet import mlflow ../mlruns --run $other"
unchanged "eyenet import mlflow ../mlruns --run $id | grep -E 'runs|skipped'"
show 'eyenet doctor | grep -E "consistency|rules|imported"'
