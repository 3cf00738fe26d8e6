# Runs are compared on the photographs that both were evaluated on, whatever the subsets were.
eyes_project
train() { eyenet train --subset small --model ../tiny.net --epochs 1 -q --name "$@" >/dev/null; }
train second --target eye --seed 9 --lr 0.02
train thirds --target 'CAST(patient AS INTEGER) % 3'
train turned --target "CASE eye WHEN 'left' THEN 'right' ELSE 'left' END"
unchanged 'eyenet compare first second'
eyenet evaluate first -q >/dev/null 2>&1
unchanged 'eyenet compare first second'
for run in second thirds turned; do eyenet evaluate $run -q >/dev/null 2>&1; done
unchanged 'eyenet compare first second'
show 'eyenet compare first second --csv | cut -d, -f1-3,9-16'
show 'eyenet runs compare second first --unit patient --positive left --csv | cut -d, -f1-3,9-16 | head -n 6'
# On another subset, of which half of the photographs are in common, and the views are more.
eyenet subset wide "SELECT variant_id FROM variants WHERE part = 'test' AND CAST(patient AS INTEGER) % 2 = 0" -q >/dev/null
train third --target eye --seed 11
eyenet evaluate third --subset wide -q >/dev/null 2>&1
show 'eyenet compare first third | head -n 3'
show 'eyenet compare third first --csv | cut -d, -f1-3,9-16 | head -n 4'
eyenet evaluate third --part val -q >/dev/null 2>&1
unchanged 'eyenet compare first third --part val'
unchanged 'eyenet compare third first --subset wide'
eyenet subset other "SELECT variant_id FROM variants WHERE part = 'test' AND CAST(patient AS INTEGER) % 2 = 1" -q >/dev/null
train fourth --target eye
eyenet evaluate fourth --subset other -q >/dev/null 2>&1
unchanged 'eyenet compare third fourth'
unchanged 'eyenet compare first thirds'
unchanged 'eyenet compare first turned'
unchanged 'eyenet compare first first'
unchanged 'eyenet compare first nosuch'
unchanged 'eyenet compare first second --positive up'
