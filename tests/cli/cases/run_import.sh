# Predictions of another program become a run: evaluated, compared and reported like one that was trained here.
eyes_project
test_of() { eyenet sql --csv "SELECT image || '.jpeg' AS image, $1 FROM variants WHERE part = '${2:-test}' AND mirror = 0 AND rotation = 0 ORDER BY image"; }
eyenet evaluate first -q >/dev/null 2>&1
test_of "CASE eye WHEN 'right' THEN 0.8 ELSE 0.3 END AS p_right, CASE eye WHEN 'right' THEN 0.2 ELSE 0.7 END AS p_left" >torch.csv
head -n 3 torch.csv
echo '{"lr": 0.001, "optimizer": {"name": "adamw", "betas": [0.9, 0.999]}, "amp": true}' >torch.json
show 'eyenet run import torch.csv --name torch --target eye --trained-on small --params torch.json'
unchanged 'eyenet evaluate torch | head -n 12'
show 'eyenet compare first torch | tail -n +2'
show 'eyenet runs'
show 'eyenet runs show torch | grep -v program_'
show 'eyenet report torch | head -n 12'
grep -c "imported" runs/torch/report.html
show 'eyenet report first torch --csv'
show 'eyenet sql "SELECT run, subset, part, predictions, weights_kept, file, answers_only FROM evaluations ORDER BY run"'
# What has no weights does not predict, and is not trained.
unchanged 'eyenet predict torch eyes/train/1_left.jpeg'
unchanged 'eyenet train --resume torch'
unchanged 'eyenet reproduce torch'
unchanged 'eyenet export onnx torch'
unchanged 'eyenet report torch --checklist claim'
unchanged 'eyenet train --model ../tiny.net --subset small --target eye --name torch'
# The validation part of the same model, by answers alone; a device that gives the probability of yes.
test_of "eye AS predicted" val >val.csv
show 'eyenet run import val.csv --name torch --part val'
unchanged 'eyenet evaluate torch --part val | head -n 4'
unchanged 'eyenet evaluate torch --subset small'
test_of "0.1 + grade * 0.2 AS probability" >device.csv
show 'eyenet run import device.csv --name device | head -n 6'
show 'eyenet evaluate device | grep -E "^(positive_class|auc|n) "'
# Grades: all five, whether they occur or not.
test_of "grade AS level" >grades.csv
show 'eyenet run import grades.csv --name grades --target grade -q | grep read_as; eyenet evaluate grades | grep -E "^(kappa|referable_auc)"'
# What is wrong is named, and nothing is imported.
refuse() { printf '%b' "$1" >bad.csv; unchanged "eyenet run import bad.csv --target eye --name bad ${2:-}"; }
one=$(sed -n 2p torch.csv | cut -d, -f1)
refuse "image,p_left,p_right\n$one,0.5,0.6\n"
refuse "image,p_left,p_right\n$one,2.5,-1.5\n"
refuse "image,p_left,p_right\n$one,nan,0.5\n"
refuse "image,p_left,p_right\n$one,0.4,0.6\n$one,0.5,0.5\n"
refuse "image,p_left,p_right\n$one,0.4\n"
refuse "image,p_left,p_up\n$one,0.4,0.6\n"
refuse "image,p_left,p_left\n$one,0.4,0.6\n"
refuse "image,predicted\n$one,up\n"
refuse "image,note\n$one,up\n"
refuse "predicted\nleft\n"
refuse "image,predicted\nnosuch.jpeg,left\n"
refuse "image,predicted\n$(sed -n 2p val.csv | cut -d, -f1),left\n"
printf 'image,predicted\n%s,left\n' "$one" >one.csv
unchanged 'eyenet run import one.csv --name bad --target grade'
printf 'image,probability\n%s,0.5\n' "$one" >half.csv
unchanged 'eyenet run import half.csv --name bad --target grade'
unchanged 'eyenet run import one.csv --name first --target eye'
unchanged 'eyenet run import one.csv --name torch --target grade'
unchanged 'eyenet run import one.csv --name torch --positive left'
refuse "image,predicted\n$one,left\n" '--subset small --trained-on small'
refuse "image,predicted\n$one,left\n" '--split nosuch'
refuse "image,predicted\n$one,left\n" '--positive up'
refuse "image,predicted\n$one,\n"
refuse ''
printf '[1]' >bad.json
refuse "image,predicted\n$one,left\n" '--params bad.json'
show 'eyenet run import val.csv --name nothing --target eye --outside skip'
show 'eyenet doctor --csv | grep -v "^ok" | cut -c1-100'
show 'eyenet runs rm torch --csv | cut -d, -f1,3; eyenet runs gc --csv | cut -d, -f1,3'
