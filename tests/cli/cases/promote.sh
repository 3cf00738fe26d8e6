# A run gets an alias where it is not worse than the run that has it; the alias is the run wherever one is named.
eyes_project
train() { eyenet train --subset small --model ../tiny.net --epochs 1 --target eye -q --name "$@" >/dev/null 2>&1; }
train second --seed 9 --lr 0.02
show 'eyenet promote'
unchanged 'eyenet evaluate @champion'
show 'eyenet promote first --reason "the paper"'
show 'eyenet runs show @champion | head -n 3'
unchanged 'eyenet promote first'
unchanged 'eyenet promote second'
eyenet evaluate first -q >/dev/null 2>&1
eyenet evaluate second -q >/dev/null 2>&1
unchanged 'eyenet promote second'
show 'eyenet promote second --force --reason "the first is lost"'
show 'eyenet promote first --metric specificity --force'
show 'eyenet promote second --as challenger'
show 'eyenet promote --csv | cut -d, -f1-5,9-12'
show 'eyenet predict @champion ../eyes/train/1_left.jpeg --csv | head -n 1'
show 'eyenet compare @champion @challenger | head -n 1'
unchanged 'eyenet promote second --as "a b"'
unchanged 'eyenet promote nosuch'
unchanged 'eyenet promote second --metric loss'
eyenet sql --csv "SELECT image, eye AS predicted FROM variants WHERE part = 'test' AND mirror = 0 AND rotation = 0" >p.csv
eyenet run import p.csv --name elsewhere --target eye -q >/dev/null 2>&1
unchanged 'eyenet promote elsewhere'
# The same answers are not worse. A deleted run takes its promotions with it.
eyenet reproduce first --name again -q >/dev/null 2>&1
eyenet evaluate again -q >/dev/null 2>&1
show 'eyenet promote again'
show 'eyenet runs rm again -q --csv | cut -d, -f1; eyenet runs show @champion | head -n 3'
show 'eyenet runs gc -q --csv | cut -d, -f1; eyenet runs show @champion | head -n 3 | tail -n 1'
show 'eyenet doctor --csv | grep -v "^ok" | cut -c1-100'
