# Another program's training is recorded: settings, metrics, tags, a note and its end.
eyes_project
show 'eyenet run log torch lr=0.001 optimizer=adamw "note=a first try" tag=torch param.epoch=all'
show "printf '%s\n' '{\"epoch\": 1, \"train_loss\": 0.7, \"val_loss\": 0.6, \"val/auc\": NaN}' '' '# a comment' '{\"epoch\": 2, \"part\": \"val\", \"loss\": 0.5, \"params\": {\"warmup\": 3}, \"tags\": [\"a\", \"b\"]}' 'epoch=2 train_loss=0.4 seconds=3.5' 'step=40 epoch=2 loss/train=0.41' | eyenet run log torch"
show 'eyenet sql "SELECT part, metric, epoch, step, value FROM metrics WHERE run = '"'torch'"' ORDER BY 1, 2, 4"'
show 'eyenet runs | tail -n 1'
unchanged 'eyenet run log torch epoch=1 val_loss=0.6'
unchanged 'eyenet run log torch epoch=1 val_loss=0.61'
unchanged 'eyenet report torch'
show "printf '%s\n' 'epoch=3 val_loss=0.45' 'epoch=3 val_loss=high' 'epoch=4 val_loss=0.2' | eyenet run log torch"
show 'eyenet sql "SELECT max(epoch) AS epochs FROM metrics WHERE run = '"'torch'"'"'
for bad in 'words' 'epoch=-1 loss=2' 'epoch=1.5 loss=2' 'epoch=9 part=dev loss=2' 'state=running' 'a="b' '{"a": 1' '[1]' '{"a": 1, "a": 2}' '=1'; do
  unchanged "echo '$bad' | eyenet run log torch"
done
unchanged 'eyenet run log first lr=3'
unchanged 'eyenet run log ../x lr=3'
show 'eyenet run log torch best_epoch=3 state=finished -q'
unchanged 'eyenet run log torch lr=3'
unchanged 'eyenet run log torch epoch=9 val_loss=3'
eyenet sql --csv "SELECT image, CASE eye WHEN 'left' THEN 0.9 ELSE 0.2 END AS probability FROM variants WHERE part = 'test' AND mirror = 0 AND rotation = 0" >p.csv
show 'eyenet run import p.csv --name torch --target eye --positive left | head -n 6'
show 'eyenet runs | tail -n 1'
show 'eyenet runs show torch | grep -E "^(run|setting|metric|evaluation)" | grep -vE "program_|created|ended"'
eyenet report torch --no-html >/dev/null
# Many at once: none fails and nothing is lost.
for process in $(seq 1 32); do
  seq 1 60 | sed "s/.*/epoch=& m$process=0.&/" | eyenet run log many -q || echo "failed: $process" &
done
wait
show 'eyenet sql "SELECT count(*) AS metrics, count(DISTINCT metric) AS names, max(epoch) AS epochs FROM metrics WHERE run = '"'many'"'"'
