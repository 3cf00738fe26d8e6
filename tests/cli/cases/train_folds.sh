# A run for each fold of a partition; the same command again keeps what has finished.
eyes_project
eyenet augment plain -q >/dev/null
eyenet split thirds --test 0.25 --folds 3 >/dev/null
train="eyenet train --folds thirds --model ../tiny.net --target eye --epochs 2 --name cv -q"
show "$train | sed -E 's/[0-9]+\.[0-9]+/N/g; s/ +/ /g; s/-+/-/g'"
show "$train --csv | cut -d, -f1-7"
unchanged "$train --epochs 3"
unchanged 'eyenet train --folds third --name cv'
show 'eyenet train --folds thirds --model ../tiny.net --target eye --epochs 1 -q --csv | cut -d, -f1-3'
unchanged 'eyenet train --folds thirds --name cv --val small'
unchanged 'eyenet train --folds thirds --subset small --name cv'
