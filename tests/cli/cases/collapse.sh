# A training that answers alike for everything, or whose loss is not a number, says so; so do the lists, as long as it is so.
eyes_project
printf 'input 32x32x3\nconv 8 5x5\nconv 8 5x5\nconv 8 5x5\nconv 8 5x5\ndense 16\ndense 16\ndense classes softmax\n' >deep.net
train() { eyenet train --subset small --target eye --epochs 2 "$@" 2>&1 >/dev/null | grep -E "warning|eyenet:"; }
train --model ../tiny.net --lr 10 --name dead
eyenet train --subset small --target 'CAST(patient AS INTEGER) % 3' --epochs 2 --model ../tiny.net --lr 10 --name three -q 2>&1 >/dev/null | grep warning
train --model deep.net --lr 10 --optimiser sgd --batch 4 --name wild
show 'eyenet runs'
show 'eyenet runs show dead | grep -E "trouble|state"'
show 'eyenet runs show wild | grep -E "trouble|state"'
show 'eyenet runs show first | grep -E "trouble|state"'
show 'eyenet sql "SELECT run, trouble FROM runs WHERE trouble IS NOT NULL"'
eyenet evaluate dead -q >/dev/null 2>&1
show 'eyenet report dead --format md -o dead.md -q >/dev/null; grep "went wrong" dead.md'
# Weights that spread are kept in their place, and the word goes.
train --model ../tiny.net --lr 0.02 --name fine
show 'eyenet runs show fine | grep -E "trouble|state"'
